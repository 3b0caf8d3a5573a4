/// What the engine takes over when it starts.
package struct StoredTasks: Sendable {
    /// In the order of creation.
    package var unfinished: [TaskQueue.Stored] = []
    /// The last finished ones, newest last, without large results.
    package var finished: [TaskRecord] = []
    /// Of all tasks.
    package var counts = TaskCounts()
    /// The last lines of the tasks above that wrote any.
    package var logs: [String: [TaskLogLine]] = [:]
    /// The greatest number ever given to a task; 0 before the first.
    package var lastSequence = 0
}
