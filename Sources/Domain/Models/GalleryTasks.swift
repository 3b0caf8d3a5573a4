import Foundation
import ServiceLifecycle
import Synchronization

/// Has the gallery's long work run as tasks, and waits for their ends.
package final class GalleryTasks: Sendable {
    /// Who runs tasks.
    private struct Connection: Sendable {
        /// Has a task run.
        var submit: @Sendable (TaskRequest) async throws -> Void
        /// The result of a task that is done, as JSON.
        var result: @Sendable (_ id: String) async throws -> [UInt8]?
    }

    private struct State {
        var connection: Connection?
        /// Who waits, by the id of the task.
        var waiting: [String: PassCaller] = [:]
    }

    private let state = Mutex(State())

    /// Tasks that run nowhere until ``connect(submit:result:)``; `journal` tells of their ends.
    init(journal: Journal) {
        journal.listen { [weak self] entry in
            guard case .taskFinished(let record) = entry.event else { return }
            self?.ended(record)
        }
    }

    /// Names who runs tasks, once there is someone who does; until then ``run(_:)`` answers `nil`.
    package func connect(
        submit: @escaping @Sendable (TaskRequest) async throws -> Void,
        result: @escaping @Sendable (_ id: String) async throws -> [UInt8]?
    ) {
        state.withLock { $0.connection = Connection(submit: submit, result: result) }
    }

    /// Has a task run and answers its result; `nil` when nobody runs tasks here, and then nothing was done.
    ///
    /// Throws the failure of the task, one with code `cancelled` when it was cancelled, what the submission throws, and
    /// `CancellationError` as soon as the caller is cancelled or the server shuts down. The task goes on then.
    func run(_ request: TaskRequest) async throws -> JSON? {
        guard let connection = state.withLock({ $0.connection }) else { return nil }
        var request = request
        let id = request.id ?? UUID().uuidString.lowercased()
        request.id = id
        let caller = PassCaller()
        state.withLock { $0.waiting[id] = caller }
        defer { state.withLock { _ = $0.waiting.removeValue(forKey: id) } }
        try await connection.submit(request)
        try await cancelWhenGracefulShutdown {
            try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { caller.wait($0) }
            } onCancel: {
                caller.answer(.failure(CancellationError()))
            }
        }
        guard let result = try await connection.result(id) else { return .null }
        return try JSONParser.parse(result, depth: TaskResult.depth)
    }

    private func ended(_ record: TaskRecord) {
        guard let caller = state.withLock({ $0.waiting[record.id] }) else { return }
        switch record.state {
        case .done: caller.answer(.success(()))
        case .cancelled:
            caller.answer(.failure(TaskRecord.Failure(code: "cancelled", message: "the task was cancelled")))
        default:
            caller.answer(
                .failure(record.error ?? TaskRecord.Failure(code: "internal", message: "the task failed"))
            )
        }
    }
}
