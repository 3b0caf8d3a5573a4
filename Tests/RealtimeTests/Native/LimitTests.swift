import Domain
import Testing

@testable import Realtime

struct LimitTests {
    /// How many messages are taken at each of the times, of as many as are offered.
    private func taken(_ limiter: inout RateLimiter, at times: [Milliseconds], offering count: Int) -> [Int] {
        times.map { now in (0..<count).count { _ in limiter.take(now) } }
    }

    @Test("a burst of twice the rate is taken, then one message each so many milliseconds")
    func rate() {
        var limiter = RateLimiter(perSecond: 10, now: 0)
        let first = taken(&limiter, at: [0, 99, 100, 150, 200, 450], offering: 30)
        #expect(first == [20, 0, 1, 0, 1, 2])
        let second = taken(&limiter, at: [1_000_000, 1_000_001], offering: 30)
        #expect(second == [20, 0])
    }

    @Test("a clock that stands or goes back gives nothing, and one that leaps does not overflow")
    func clock() {
        var limiter = RateLimiter(perSecond: 1, now: 1_000)
        let counts = taken(&limiter, at: [1_000, 500, 0, .max / 2, .max], offering: 3)
        #expect(counts == [2, 0, 0, 2, 2])
    }

    @Test("a hundred errors in ten seconds are put up with, the next is not")
    func errors() {
        var budget = ErrorBudget()
        let quick = (0..<101).map { now in budget.spend(now) }
        #expect(quick == Array(repeating: true, count: 100) + [false])
        var slow = ErrorBudget()
        let others = (0..<1_000).count { now in slow.spend(now * 101) }
        #expect(others == 1_000)
    }
}
