/// Why a request about a task is refused.
package enum TaskError: Error, Hashable, Sendable {
    case unknownTask
    case conflict
    case limitTasks
    case badParams(TaskRecord.Failure)
    case shuttingDown
}
