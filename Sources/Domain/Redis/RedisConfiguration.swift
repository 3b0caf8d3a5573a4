/// The bounds of a connection to Redis, and where its time and chance come from.
package struct RedisConfiguration: Sendable {
    /// How long connecting may take, signing in included.
    package var connectTimeout: Milliseconds = 5_000
    /// How long a command may go unanswered; then the connection counts as lost.
    package var commandTimeout: Milliseconds = 5_000
    /// The wait before the first try to connect again, and the longest; each is twice the one before.
    package var retryAfter: ClosedRange<Milliseconds> = 1_000...60_000
    /// The silence after which the server is asked whether it is still there.
    package var pingAfter: Milliseconds = 10_000
    /// How many commands may wait for their answers.
    package var maxPending = 65_536
    /// How many bytes of commands may wait for their answers.
    package var maxPendingBytes = 64 * 1_048_576
    /// A clock that never goes back.
    package var now: @Sendable () -> Milliseconds
    /// Draws a number from a range.
    package var random: @Sendable (ClosedRange<Milliseconds>) -> Milliseconds

    /// The defaults, with the system's clock and generator.
    package init(
        now: @escaping @Sendable () -> Milliseconds = RedisConfiguration.uptime,
        random: @escaping @Sendable (ClosedRange<Milliseconds>) -> Milliseconds = { .random(in: $0) }
    ) {
        self.now = now
        self.random = random
    }

    /// Milliseconds since some moment in the life of the process.
    package static let uptime = Uptime.now
}
