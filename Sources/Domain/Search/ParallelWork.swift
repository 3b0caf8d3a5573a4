import Dispatch
import Synchronization

/// Ranges of ids that threads take one after the other until all are taken.
final class ScanShares: Sendable {
    private let end: Int
    private let share: Int
    private let taken: Atomic<Int>

    /// The ids from `start` up to but without `end`, `share` at a time.
    init(start: Int = 0, end: Int, share: Int) {
        self.end = end
        self.share = share
        taken = Atomic(start)
    }

    /// The next range; `nil` when all are taken.
    func next() -> Range<Int>? {
        let first = taken.wrappingAdd(share, ordering: .relaxed).oldValue
        return first < end ? first..<min(first + share, end) : nil
    }
}

/// Runs the same work on several threads, the calling one among them, and waits for all.
enum ParallelWork {
    static func run<Value: Sendable>(threads: Int, _ body: @escaping @Sendable () throws -> Value) throws -> [Value] {
        let results = Mutex<[Result<Value, any Error>]>([])
        DispatchQueue.concurrentPerform(iterations: max(1, threads)) { _ in
            let result = Result { try body() }
            results.withLock { $0.append(result) }
        }
        return try results.withLock { $0 }.map { try $0.get() }
    }
}
