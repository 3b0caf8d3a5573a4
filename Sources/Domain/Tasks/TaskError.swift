/// Why a task cannot be had.
package enum TaskError: Error, Hashable, Sendable {
    /// No task has this id.
    case unknownTask
    /// The id belongs to a task of another name.
    case conflict
    /// Too many tasks are waiting.
    case limitTasks
    /// The task's kind does not take these parameters.
    case badParams(TaskRecord.Failure)
    /// The server is stopping and takes nothing new.
    case shuttingDown
}
