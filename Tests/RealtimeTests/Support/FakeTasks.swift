import Domain
import Realtime
import Synchronization

/// A task engine whose calls wait until the test answers them.
final class FakeTasks: TaskCommands {
    enum Call: Hashable {
        case submit(TaskRequest)
        case cancel(String)
        case finishedTask(String)
    }

    private enum Pending {
        case submit(CheckedContinuation<TaskRecord, any Error>)
        case cancel(CheckedContinuation<Void, any Error>)
        case finishedTask(CheckedContinuation<TaskState?, any Error>)
    }

    private struct State {
        var calls: [Call] = []
        var pending: [Pending] = []
        var waiter: CheckedContinuation<Void, Never>?
        /// What the store knows; while this is set, look-ups are answered at once.
        var finished: [String: TaskState]?
    }

    private let state = Mutex(State())

    /// Answers look-ups of finished tasks at once from `finished` when it is given.
    init(finished: [String: TaskState]? = nil) {
        state.withLock { $0.finished = finished }
    }

    /// All calls so far.
    var calls: [Call] { state.withLock { $0.calls } }

    private func add(_ call: Call, _ pending: Pending) {
        let waiter = state.withLock { state in
            state.calls.append(call)
            state.pending.append(pending)
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    func submit(_ request: TaskRequest) async throws -> TaskRecord {
        try await withCheckedThrowingContinuation { add(.submit(request), .submit($0)) }
    }

    func cancel(_ id: String) async throws {
        try await withCheckedThrowingContinuation { add(.cancel(id), .cancel($0)) }
    }

    func finishedTask(_ id: String) async throws -> TaskState? {
        if let finished = state.withLock({ $0.finished }) { return finished[id] }
        return try await withCheckedThrowingContinuation { add(.finishedTask(id), .finishedTask($0)) }
    }

    /// Waits until a call waits for its answer.
    func waitForCall() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.pending.isEmpty { state.waiter = continuation }
                return !state.pending.isEmpty
            }
            if isThere { continuation.resume() }
        }
    }

    private func next() -> Pending? {
        state.withLock { $0.pending.isEmpty ? nil : $0.pending.removeFirst() }
    }

    /// Answers the oldest waiting call, which must be a `submit`.
    func answer(_ task: TaskRecord) {
        if case .submit(let continuation) = next() { continuation.resume(returning: task) }
    }

    /// Answers the oldest waiting call, which must be a `cancel`.
    func answerCancel() {
        if case .cancel(let continuation) = next() { continuation.resume() }
    }

    /// Answers the oldest waiting call, which must be a look-up.
    func answer(_ state: TaskState?) {
        if case .finishedTask(let continuation) = next() { continuation.resume(returning: state) }
    }

    /// Lets the oldest waiting call fail.
    func fail(_ error: any Error) {
        switch next() {
        case .submit(let continuation): continuation.resume(throwing: error)
        case .cancel(let continuation): continuation.resume(throwing: error)
        case .finishedTask(let continuation): continuation.resume(throwing: error)
        case nil: break
        }
    }
}
