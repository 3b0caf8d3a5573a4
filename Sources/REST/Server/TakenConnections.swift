import NIOCore
import Synchronization

/// The connections that were taken over before they had a task of their own, which the server outlives.
final class TakenConnections: Sendable {
    private struct State {
        var count = 0
        var isGivenUp = false
        var waiting: [CheckedContinuation<Void, Never>] = []

        /// Takes those out who need not wait any longer.
        mutating func released() -> [CheckedContinuation<Void, Never>] {
            guard count == 0 || isGivenUp else { return [] }
            defer { waiting = [] }
            return waiting
        }
    }

    private let state = Mutex(State())

    /// How many are open.
    var count: Int { state.withLock { $0.count } }

    /// Counts a connection until it is closed.
    func add(_ channel: any Channel) {
        state.withLock { $0.count += 1 }
        channel.closeFuture.whenComplete { _ in self.change { $0.count -= 1 } }
    }

    /// Returns when all are closed, or when the task is cancelled.
    func closed() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                change { $0.waiting.append(continuation) }
            }
        } onCancel: {
            change { $0.isGivenUp = true }
        }
    }

    private func change(_ body: (inout sending State) -> Void) {
        let released = state.withLock { state in
            body(&state)
            return state.released()
        }
        for continuation in released { continuation.resume() }
    }
}
