/// How long to wait before the next try to connect: 1 s, doubling to 60 s (contracts/socketio.md §7).
///
/// Up to a tenth is added at random, so that many servers do not come back in the same moment.
struct RedisBackoff: Sendable {
    private let range: ClosedRange<Milliseconds>
    private let random: @Sendable (ClosedRange<Milliseconds>) -> Milliseconds
    private var next: Milliseconds

    /// A back-off at its beginning.
    init(_ configuration: RedisConfiguration) {
        range = configuration.retryAfter
        random = configuration.random
        next = range.lowerBound
    }

    /// The wait that comes now; the one after it is twice as long.
    mutating func delay() -> Milliseconds {
        defer { next = min(range.upperBound, next * 2) }
        return min(range.upperBound, next + random(0...next / 10))
    }

    /// Begins anew, after a connection that worked.
    mutating func reset() { next = range.lowerBound }
}
