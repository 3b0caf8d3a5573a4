import Domain
import REST
import Realtime

/// The task engine as HTTP and sockets ask for it.
struct EngineTasks: TaskService, TaskCommands {
    let engine: TaskEngine

    var kinds: [any TaskKind] { engine.kinds }

    var routed: Set<String> { engine.routed }

    func submit(_ request: TaskRequest) async throws(TaskError) -> TaskRecord {
        try await engine.submit(request)
    }

    func cancel(_ id: String) async throws(TaskError) {
        try await engine.cancel(id)
    }

    func task(_ id: String) async throws -> TaskRecord? {
        try await engine.task(id)
    }

    func log(_ id: String, limit: Int) async throws -> [TaskLogLine] {
        try await engine.log(id, limit: limit)
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
