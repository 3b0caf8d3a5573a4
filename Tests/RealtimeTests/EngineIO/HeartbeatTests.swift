import Testing

@testable import Realtime

struct HeartbeatTests {
    @Test("version 4: a ping after the interval, death after the timeout, both counted from when they were due")
    func version4() {
        var heart = Heartbeat(version: .v4, interval: 300, timeout: 200, now: 1_000)
        #expect(heart.check(1_299) == .none)
        #expect(heart.check(1_330) == .ping)
        #expect(heart.check(1_499) == .none)
        #expect(heart.check(1_500) == .dead)
    }

    @Test("version 4: an answer begins the interval anew")
    func answered() {
        var heart = Heartbeat(version: .v4, interval: 300, timeout: 200, now: 0)
        #expect(heart.check(300) == .ping)
        heart.heard(350)
        #expect(heart.check(649) == .none)
        #expect(heart.check(650) == .ping)
    }

    @Test("version 4: when the server was late the client is not the one to pay")
    func late() {
        var heart = Heartbeat(version: .v4, interval: 300, timeout: 200, now: 0)
        #expect(heart.check(5_000) == .ping)
        #expect(heart.check(5_000 - Heartbeat.tolerance + 199) == .none)
        #expect(heart.check(5_000 - Heartbeat.tolerance + 200) == .dead)
    }

    @Test("version 3: no ping, death after interval and timeout without a packet")
    func version3() {
        var heart = Heartbeat(version: .v3, interval: 300, timeout: 200, now: 0)
        #expect(heart.check(499) == .none)
        heart.heard(499)
        #expect(heart.check(998) == .none)
        #expect(heart.check(999) == .dead)
    }
}
