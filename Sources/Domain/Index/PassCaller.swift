import Synchronization

/// One who waits for a pass, and goes when its task is cancelled: a scan that is queued may never begin.
final class PassCaller: Sendable {
    private enum State {
        case new
        case waiting(CheckedContinuation<Void, any Error>)
        case answered(Result<Void, any Error>)
    }

    private let state = Mutex(State.new)

    /// Takes who waits; whoever was answered already goes on at once.
    func wait(_ continuation: CheckedContinuation<Void, any Error>) {
        let early = state.withLock { state -> Result<Void, any Error>? in
            if case .answered(let result) = state { return result }
            state = .waiting(continuation)
            return nil
        }
        if let early { continuation.resume(with: early) }
    }

    /// Answers, once; what comes later is forgotten.
    func answer(_ result: Result<Void, any Error>) {
        let waiting = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            if case .answered = state { return nil }
            defer { state = .answered(result) }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }
        waiting?.resume(with: result)
    }
}
