/// The tasks, as those see them who let people run and watch them.
package protocol TaskService: Sendable {
    /// The kinds that run inside the server, in the order in which to show them.
    var kinds: [any TaskKind] { get }

    /// The names of tasks that run on Celery, those of kinds among them.
    var routed: Set<String> { get }

    /// Makes a task, or finds the one that has the request's id already and the same name.
    func submit(_ request: TaskRequest) async throws(TaskError) -> TaskRecord

    /// Asks a task to stop; one that has ended already stays as it is. Throws ``TaskError/unknownTask``.
    func cancel(_ id: String) async throws(TaskError)

    /// The task with its whole result, however long ago it ended; `nil` when there is none of this id.
    func task(_ id: String) async throws -> TaskRecord?

    /// The last `limit` lines that the task wrote, oldest first.
    func log(_ id: String, limit: Int) async throws -> [TaskLogLine]
}
