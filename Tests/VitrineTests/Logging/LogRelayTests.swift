import Domain
import Synchronization
import Testing

@testable import vitrine

@Suite struct LogRelayTests {
    private func line(_ message: String, at: Milliseconds = 0) -> LogLine {
        LogLine(at: at, level: .info, message: message, source: "test")
    }

    /// Publishes all that was offered, and returns the messages in order.
    private func run(_ relay: LogRelay) async -> [String] {
        let messages = Messages()
        relay.connect { messages.append($0.message) }
        relay.finish()
        await relay.run()
        return messages.all
    }

    @Test("lines are published in order, those too that were written before anyone listened")
    func order() async {
        let relay = LogRelay(clock: WallClock { 0 })
        for number in 0..<50 { relay.offer(line("\(number)")) }
        #expect(await run(relay) == (0..<50).map { "\($0)" })
    }

    @Test("past the rate lines are dropped, and one note at the second's end says how many")
    func rate() async {
        let waited = Mutex<[Milliseconds]>([])
        let relay = LogRelay(limit: 2, clock: WallClock { 400 }, pause: { time in waited.withLock { $0.append(time) } })
        for number in 0..<5 { relay.offer(line("\(number)", at: 300)) }
        relay.offer(line("next", at: 1_300))
        let messages = await run(relay)
        #expect(messages == ["0", "1", "3 lines were left out here; the server's own log has all", "next"])
        #expect(waited.withLock { $0 } == [900])
    }

    @Test("what publishing logs is not published")
    func recursion() async {
        let relay = LogRelay(clock: WallClock { 0 })
        relay.offer(line("first"))
        relay.offer(line("second"))
        let messages = Messages()
        relay.connect { published in
            messages.append(published.message)
            relay.offer(LogLine(at: 0, level: .info, message: "again: \(published.message)", source: "test"))
            if published.message == "second" { relay.finish() }
        }
        await relay.run()
        #expect(messages.all == ["first", "second"])
    }

    @Test("lines logged inside the journal's lock do not deadlock, and reach the log's board")
    func journal() async {
        let journal = Journal(epoch: "e", clock: WallClock { 0 })
        let relay = LogRelay(clock: WallClock { 0 })
        journal.read { _ in relay.offer(line("inside")) }
        relay.connect { journal.publish(.logLine($0)) }
        relay.finish()
        await relay.run()
        #expect(journal.read { $0.log.lines.map(\.message) } == ["inside"])
    }

    @Test("when nobody takes lines they are bounded, and the rest counted")
    func bounded() async {
        let relay = LogRelay(limit: .max, clock: WallClock { 0 }, pause: { _ in })
        for number in 0..<(LogRelay.capacity + 25) { relay.offer(line("\(number)")) }
        let messages = await run(relay)
        #expect(messages.count == LogRelay.capacity + 1)
        #expect(messages.last == "25 lines were left out here; the server's own log has all")
    }

    @Test("a cancelled relay ends, in the middle of a pause too")
    func cancelled() async {
        let relay = LogRelay(
            limit: 1,
            clock: WallClock { 0 },
            pause: { _ in try await Task.sleep(for: .seconds(3_600)) }
        )
        relay.offer(line("a"))
        relay.offer(line("b"))
        let task = Task { await relay.run() }
        task.cancel()
        await task.value
    }
}

/// Collects messages from any thread.
private final class Messages: Sendable {
    private let collected = Mutex<[String]>([])

    var all: [String] { collected.withLock { $0 } }

    func append(_ message: String) { collected.withLock { $0.append(message) } }
}
