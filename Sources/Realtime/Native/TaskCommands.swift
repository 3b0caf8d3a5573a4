package import Domain

/// What clients may do with tasks, and how those who run them speak; the executable connects it with the task engine.
package protocol TaskCommands: TaskWorkers, FinishedTasks {
    /// Makes a task, or finds the one of the same id and name; throws ``TaskError``.
    func submit(_ request: TaskRequest) async throws -> TaskRecord

    /// Cancels a task; one that has ended stays as it is. Throws ``TaskError``.
    func cancel(_ id: String) async throws
}
