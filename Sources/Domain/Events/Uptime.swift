/// A clock that never goes back.
package enum Uptime {
    private static let start = ContinuousClock.now

    /// Milliseconds since some moment in the life of the process.
    package static let now: @Sendable () -> Milliseconds = {
        let time = start.duration(to: .now).components
        return Int(time.seconds) * 1_000 + Int(time.attoseconds / 1_000_000_000_000_000)
    }
}
