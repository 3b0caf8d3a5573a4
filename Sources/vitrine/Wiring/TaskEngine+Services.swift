import Domain
import REST
import Realtime

extension TaskEngine: @retroactive TaskService {}

/// What sockets may do with tasks.
struct SocketTasks: TaskCommands {
    let engine: TaskEngine

    func submit(_ request: TaskRequest) async throws -> TaskRecord {
        try await engine.submit(request)
    }

    func cancel(_ id: String) async throws {
        try await engine.cancel(id)
    }

    func finishedTask(_ id: String) async throws -> TaskState? {
        guard let task = try await engine.task(id), task.state.isFinal else { return nil }
        return TaskState(task: task.forEvents, log: try await engine.log(id))
    }
}
