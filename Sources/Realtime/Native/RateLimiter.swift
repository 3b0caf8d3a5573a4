import Domain

/// A token bucket: so many messages a second, twice as many in a burst (contracts/realtime.md §8).
struct RateLimiter {
    private let perSecond: Int
    /// Thousandths of a message.
    private var credit: Int
    private var last: Milliseconds

    init(perSecond: Int, now: Milliseconds) {
        self.perSecond = perSecond
        credit = perSecond * 2_000
        last = now
    }

    private mutating func refill(_ now: Milliseconds) {
        guard now > last else { return }
        let (gained, overflow) = (now - last).multipliedReportingOverflow(by: perSecond)
        credit = min(perSecond * 2_000, overflow ? .max : credit + min(gained, perSecond * 2_000))
        last = now
    }

    /// Takes one message; `false` when it must wait.
    mutating func take(_ now: Milliseconds) -> Bool {
        refill(now)
        guard credit >= 1_000 else { return false }
        credit -= 1_000
        return true
    }
}
