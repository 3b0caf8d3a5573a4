import Testing

@testable import Domain

/// How long a connection waits before it tries again.
@Suite struct RedisBackoffTests {
    @Test("the wait is 1 s, doubles to 60 s, and begins anew")
    func doubling() {
        var backoff = RedisBackoff(RedisConfiguration(random: { _ in 0 }))
        #expect((0..<8).map { _ in backoff.delay() } == [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
        backoff.reset()
        #expect(backoff.delay() == 1_000)
    }

    @Test("up to a tenth is added by chance, but never past the end")
    func chance() {
        var backoff = RedisBackoff(RedisConfiguration(random: { $0.upperBound }))
        #expect((0..<7).map { _ in backoff.delay() } == [1_100, 2_200, 4_400, 8_800, 17_600, 35_200, 60_000])
    }
}
