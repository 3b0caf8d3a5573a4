import Synchronization
import Testing

@testable import Domain

/// Who listens to what, and who hears when.
@Suite struct RedisChannelsTests {
    private final class Listener: Sendable {
        let notes = Mutex<[String]>([])

        func subscription(_ channels: String...) -> RedisSubscription {
            RedisSubscription(
                channels: channels,
                onMessage: { channel, bytes in
                    self.notes.withLock { $0.append("\(channel): \(String(decoding: bytes, as: UTF8.self))") }
                },
                onState: { state in self.notes.withLock { $0.append(state.rawValue) } }
            )
        }

        var heard: [String] { notes.withLock { $0 } }
    }

    @Test("a listener is connected when the last of its channels is confirmed, and hears only its own")
    func confirmed() {
        var channels = RedisChannels()
        let listener = Listener()
        #expect(channels.add(listener.subscription("b", "a")) == ["a", "b"])
        let asked = ["a", "b"].map { channels.asked($0) }
        channels.confirm("a", asked[0])
        #expect(listener.heard == [])
        channels.confirm("b", asked[1])
        channels.deliver(("b", Array("1".utf8)))
        channels.deliver(("c", Array("2".utf8)))
        #expect(listener.heard == ["connected", "b: 1"])
    }

    @Test("the second listener of a channel needs nothing of Redis, and the last takes it away")
    func shared() {
        var channels = RedisChannels()
        let (first, second) = (Listener(), Listener())
        let (one, two) = (first.subscription("a"), second.subscription("a"))
        #expect(channels.add(one) == ["a"])
        channels.confirm("a", channels.asked("a"))
        #expect(channels.add(two) == [])
        #expect(second.heard == ["connected"])
        #expect(channels.remove(one) == [])
        #expect(channels.remove(two) == ["a"])
        #expect(channels.all == [])
    }

    @Test("an answer to an old question confirms nothing")
    func late() {
        var channels = RedisChannels()
        let listener = Listener()
        let subscription = listener.subscription("a")
        _ = channels.add(subscription)
        let old = channels.asked("a")
        _ = channels.remove(subscription)
        _ = channels.add(subscription)
        let new = channels.asked("a")
        channels.confirm("a", old)
        #expect(listener.heard == [])
        channels.confirm("a", new)
        #expect(listener.heard == ["connected"])
    }

    @Test("when the connection ends each listener that was connected hears it once")
    func lost() {
        var channels = RedisChannels()
        let (whole, half) = (Listener(), Listener())
        _ = channels.add(whole.subscription("a", "b"))
        _ = channels.add(half.subscription("b", "c"))
        for channel in ["a", "b"] { channels.confirm(channel, channels.asked(channel)) }
        channels.forgetConfirmed()
        channels.forgetConfirmed()
        #expect(whole.heard == ["connected", "away"])
        #expect(half.heard == [])
        #expect(channels.all == ["a", "b", "c"])
    }

    @Test("only a pushed message is one")
    func messages() {
        let word = { (text: String) in RedisValue.bytes(Array(text.utf8)) }
        #expect(RedisChannels.message(in: .array([word("message"), word("a"), word("x")]))?.channel == "a")
        #expect(RedisChannels.message(in: .array([word("subscribe"), word("a"), .integer(1)])) == nil)
        #expect(RedisChannels.message(in: .array([word("message"), word("a"), .null])) == nil)
        #expect(RedisChannels.message(in: word("message")) == nil)
    }
}
