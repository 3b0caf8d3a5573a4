import DequeModule
import Domain

/// How many errors a connection may cause: 100 in 10 s (contracts/realtime.md §8).
struct ErrorBudget {
    static let limit = 100
    static let window: Milliseconds = 10_000
    private var times: Deque<Milliseconds> = []

    /// Notes an error; `false` when it is one too many.
    mutating func spend(_ now: Milliseconds) -> Bool {
        while let first = times.first, now - first >= Self.window { times.removeFirst() }
        times.append(now)
        return times.count <= Self.limit
    }
}
