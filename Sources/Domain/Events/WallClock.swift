#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The time of day, as a parameter, so that tests decide what time it is.
package struct WallClock: Sendable {
    private let read: @Sendable () -> Milliseconds

    /// A clock that answers what `read` answers.
    package init(_ read: @escaping @Sendable () -> Milliseconds) {
        self.read = read
    }

    /// Milliseconds since 1970-01-01 UTC.
    package var now: Milliseconds { read() }

    /// The system's real-time clock.
    package static let system = WallClock {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000
    }
}
