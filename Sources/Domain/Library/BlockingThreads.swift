import Synchronization

/// A fixed number of threads for short work that may block on the disk, away from those that everyone's tasks share.
///
/// Work waits its turn in order. The threads end with the last reference.
package final class BlockingThreads: Sendable {
    private typealias Work = @Sendable () -> Void

    private let queue: BoundedQueue<Work?>
    private let count: Int

    /// Starts `count` threads.
    package init(count: Int) {
        self.count = count
        let queue = BoundedQueue<Work?>(limit: 65_536)
        self.queue = queue
        for number in 0..<count {
            OwnThreads.detach("blocking.\(number)") {
                while let next = queue.pop(), let work = next { work() }
            }
        }
    }

    deinit {
        for _ in 0..<count { queue.push(nil) }
    }

    /// Runs `body` on one of the threads and returns what it returns.
    package func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
            queue.push { continuation.resume(with: Result { try body() }) }
        }
    }

    /// Runs `body` on one of the threads; nobody waits for it.
    func start(_ body: @escaping @Sendable () -> Void) { queue.push(body) }
}
