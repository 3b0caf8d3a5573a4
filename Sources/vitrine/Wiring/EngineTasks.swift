import Domain
import REST
import Realtime

/// The task engine as HTTP and sockets ask for it, and the tasks of other servers that are on the board.
struct EngineTasks: TaskService, TaskCommands {
    let engine: TaskEngine
    let journal: Journal
    /// The way to other servers, when there is one.
    var queue: MessageQueue?

    var kinds: [any TaskKind] { engine.kinds }

    var routed: Set<String> { engine.routed }

    func submit(_ request: TaskRequest) async throws(TaskError) -> TaskRecord {
        if let id = request.id, let known = elsewhere(id) {
            guard known.name == request.name else { throw .conflict }
            return known
        }
        return try await engine.submit(request)
    }

    func cancel(_ id: String) async throws(TaskError) {
        guard let known = elsewhere(id) else {
            try await engine.cancel(id)
            return
        }
        guard !known.state.isFinal else { return }
        guard let server = known.server, await queue?.cancel(id, at: server) == true else { throw .serverAway }
    }

    /// A task of another server.
    private func elsewhere(_ id: String) -> TaskRecord? {
        guard let task = journal.read({ $0.tasks.task(id) }), task.server != nil else { return nil }
        return task
    }

    func task(_ id: String) async throws -> TaskRecord? {
        if let task = elsewhere(id) { return task }
        return try await engine.task(id)
    }

    func result(_ id: String) async throws -> [UInt8]? {
        if let task = elsewhere(id) { return task.result?.encoded }
        return try await engine.result(id)
    }

    func checkLease(_ lease: String, of task: String) async throws(TaskError) {
        try await engine.checkLease(lease, of: task)
    }

    func keepResult(_ json: [UInt8], for task: String, lease: String) async throws {
        try await engine.keepResult(json, for: task, lease: lease)
    }

    func log(_ id: String, limit: Int) async throws -> [TaskLogLine] {
        guard elsewhere(id) == nil else { return journal.read { $0.tasks.log(id) }.suffix(limit) }
        return try await engine.log(id, limit: limit)
    }

    func join(_ profile: WorkerProfile, _ worker: any TaskWorker) { engine.join(profile, worker) }

    func leave(client: String) { engine.leave(client: client) }

    func say(_ word: WorkerWord, _ ticket: TaskTicket, then: (@Sendable (Result<Void, TaskError>) -> Void)?) {
        engine.say(word, ticket, then: then)
    }

    func heartbeat(client: String) { engine.heartbeat(client: client) }

    func release(_ ticket: TaskTicket, reason: RequeueReason) { engine.release(ticket, reason: reason) }

    func finishedTask(_ id: String) async throws -> TaskState? {
        guard var task = try await engine.task(id), task.state.isFinal else { return nil }
        if let result = task.result, case let size = result.encoded.count, size > TaskRecord.inlineResultLimit {
            task.result = nil
            task.resultSize = size
        }
        return TaskState(task: task, log: try await engine.log(id))
    }
}
