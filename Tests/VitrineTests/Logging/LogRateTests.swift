import Testing

@testable import vitrine

@Suite struct LogRateTests {
    @Test("so many a second are admitted, and again in the next second")
    func admits() {
        var rate = LogRate(limit: 3)
        let verdicts = [10_000, 10_000, 10_000, 10_000, 10_000, 10_999, 11_000].map { rate.admits(at: $0) }
        #expect(verdicts == [true, true, true, false, false, false, true])
        let counts = [rate.takeDropped(), rate.takeDropped()]
        #expect(counts == [3, 0])
    }

    @Test("one note is claimed for all that are dropped until it is written")
    func note() {
        var rate = LogRate(limit: 1)
        _ = rate.admits(at: 0)
        var claims = [rate.claimNote()]
        _ = rate.admits(at: 5)
        claims.append(rate.claimNote())
        _ = rate.admits(at: 6)
        claims.append(rate.claimNote())
        rate.releaseNote()
        claims.append(rate.claimNote())
        let count = rate.takeDropped()
        #expect(count == 2)
        claims.append(rate.claimNote())
        _ = rate.admits(at: 7)
        claims.append(rate.claimNote())
        #expect(claims == [nil, 1_000, nil, 1_000, nil, 1_000])
    }

    @Test("a clock that is set back does not silence the log")
    func backwards() {
        var rate = LogRate(limit: 1)
        let verdicts = [1_000_000, 1_000_001, 5].map { rate.admits(at: $0) }
        #expect(verdicts == [true, false, true])
    }
}
