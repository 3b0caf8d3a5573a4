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

    /// The task, however long ago it ended, with a result of up to ``TaskResult/limit`` bytes; `nil` when there is none
    /// of this id.
    func task(_ id: String) async throws -> TaskRecord?

    /// The whole result of a finished task as JSON; `nil` when there is none, and for an unknown task.
    func result(_ id: String) async throws -> [UInt8]?

    /// Makes sure that a lease on a task is good, and lets it last again; throws ``TaskError/leaseLost``.
    func checkLease(_ lease: String, of task: String) async throws(TaskError)

    /// Keeps a result for the word that its task is done, in place of an earlier one.
    ///
    /// Throws ``JSONError`` when it is no JSON, ``TaskError/leaseLost`` when the lease has ended meanwhile.
    func keepResult(_ json: [UInt8], for task: String, lease: String) async throws

    /// The last `limit` lines that the task wrote, oldest first.
    func log(_ id: String, limit: Int) async throws -> [TaskLogLine]
}
