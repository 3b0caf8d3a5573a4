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

    /// What workers have said, in order.
    enum Work: Hashable {
        case join(WorkerProfile)
        case leave(String)
        case say(WorkerWord, TaskTicket)
        case heartbeat(String)
        case release(TaskTicket, RequeueReason)
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
        var work: [Work] = []
        var workers: [String: any TaskWorker] = [:]
        var words: [(@Sendable (Result<Void, TaskError>) -> Void)?] = []
        var answer: Result<Void, TaskError>?
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

    // MARK: - Workers

    /// What workers have said so far.
    var work: [Work] { state.withLock { $0.work } }

    /// The last worker that joined as this client.
    func worker(_ client: String) -> (any TaskWorker)? { state.withLock { $0.workers[client] } }

    /// Answers every word at once from now on.
    func answerWords(_ answer: Result<Void, TaskError>) { state.withLock { $0.answer = answer } }

    /// Answers the oldest word without an answer.
    func answerWord(_ result: Result<Void, TaskError> = .success(())) {
        let then = state.withLock { $0.words.isEmpty ? nil : $0.words.removeFirst() }
        then?(result)
    }

    func join(_ profile: WorkerProfile, _ worker: any TaskWorker) {
        state.withLock {
            $0.work.append(.join(profile))
            $0.workers[profile.client] = worker
        }
    }

    func leave(client: String) {
        state.withLock {
            $0.work.append(.leave(client))
            $0.workers[client] = nil
        }
    }

    func say(_ word: WorkerWord, _ ticket: TaskTicket, then: (@Sendable (Result<Void, TaskError>) -> Void)?) {
        let answer = state.withLock { state in
            state.work.append(.say(word, ticket))
            if state.answer == nil { state.words.append(then) }
            return state.answer
        }
        if let answer { then?(answer) }
    }

    func heartbeat(client: String) { state.withLock { $0.work.append(.heartbeat(client)) } }

    func release(_ ticket: TaskTicket, reason: RequeueReason) {
        state.withLock { $0.work.append(.release(ticket, reason)) }
    }
}
