import Testing

@testable import Domain
@testable import Realtime

struct OutboundQueueTests {
    private let contexts = DeflateContexts()

    private func frame(_ offset: Int, key: String? = nil, size: Int = 0) -> EventFrame {
        let data = JSON.string(String(repeating: "x", count: size))
        let event = Event.appMessage(name: "a", from: "f", data: data, key: key)
        return EventFrame(Journal.Entry(offset: offset, at: 0, event: event), epoch: "e")
    }

    /// The offsets and answers that come out, in order.
    private func drain(_ queue: inout OutboundQueue) -> [String] {
        var reader = FrameReader()
        var found: [String] = []
        while let burst = queue.popBurst(1 << 20, format: .webSocket, contexts: contexts) {
            for message in reader.read(burst.withUnsafeBytes { Array($0) }) {
                let json = (try? JSONParser.parse(message)) ?? .null
                found.append(json.offset.map(String.init) ?? json.string ?? "?")
            }
            reader = FrameReader()
        }
        return found
    }

    private func answer(_ text: String) -> Bytes { MessageEncoder.webSocket(Array("\"\(text)\"".utf8)) }

    @Test("answers and events come out in the order in which they went in")
    func order() {
        var queue = OutboundQueue(events: 10, bytes: 10_000)
        queue.append(event: frame(1))
        queue.append(answer: answer("a"))
        queue.append(event: frame(2))
        queue.append(state: answer("s"))
        #expect(queue.eventCount == 2)
        #expect(drain(&queue) == ["1", "a", "2", "s"])
        #expect(queue.isEmpty && queue.eventBytes == 0 && queue.answerBytes == 0)
    }

    @Test("a newer event of a key takes the older one's place at the end")
    func conflation() {
        var queue = OutboundQueue(events: 10, bytes: 10_000)
        queue.append(event: frame(1, key: "k"))
        queue.append(event: frame(2))
        queue.append(event: frame(3, key: "other"))
        queue.append(event: frame(4, key: "k"))
        #expect(queue.eventCount == 3)
        #expect(drain(&queue) == ["2", "3", "4"])
    }

    @Test("a key that has left the queue is not conflated with a newer event")
    func keyAfterPop() {
        var queue = OutboundQueue(events: 10, bytes: 10_000)
        queue.append(event: frame(1, key: "k"))
        #expect(drain(&queue) == ["1"])
        queue.append(event: frame(2, key: "k"))
        queue.append(event: frame(3, key: "k"))
        #expect(drain(&queue) == ["3"])
    }

    @Test("any number of events of a few keys stays within the bounds and in order")
    func conflationIsBounded() {
        var queue = OutboundQueue(events: 10, bytes: 10_000)
        for offset in 1...5_000 { queue.append(event: frame(offset, key: "k\(offset % 3)")) }
        #expect(!queue.isLagging)
        #expect(queue.eventCount == 3)
        #expect(drain(&queue) == ["4998", "4999", "5000"])
    }

    @Test("one event too many drops all events and keeps the answers")
    func eventsBound() {
        var queue = OutboundQueue(events: 3, bytes: 10_000)
        queue.append(answer: answer("a"))
        for offset in 1...3 { queue.append(event: frame(offset)) }
        #expect(!queue.isLagging)
        queue.append(answer: answer("b"))
        queue.append(event: frame(4))
        #expect(queue.isLagging)
        queue.append(event: frame(5))
        #expect(queue.eventCount == 0 && queue.eventBytes == 0)
        #expect(drain(&queue) == ["a", "b"])
        #expect(queue.recover().isEmpty)
        queue.append(event: frame(6, key: "k"))
        queue.append(event: frame(7, key: "k"))
        #expect(drain(&queue) == ["7"])
    }

    @Test("one byte too many drops all events")
    func bytesBound() {
        let size = frame(1, size: 100).size
        var queue = OutboundQueue(events: 100, bytes: 3 * size)
        for offset in 1...3 { queue.append(event: frame(offset, size: 100)) }
        #expect(!queue.isLagging)
        queue.append(event: frame(4))
        #expect(queue.isLagging)
    }

    @Test("a synced that waits behind dropped events is owed, not sent")
    func owed() {
        var queue = OutboundQueue(events: 1, bytes: 10_000)
        let end = OutboundQueue.Synced(id: 7, topics: [.tasks])
        queue.append(event: frame(1))
        queue.append(state: answer("snapshot"))
        queue.append(state: answer("synced"), end: end)
        queue.append(answer: answer("pong"))
        queue.append(event: frame(2))
        #expect(queue.isLagging)
        #expect(queue.owedBytes == end.size)
        #expect(drain(&queue) == ["pong"])
        queue.owe(OutboundQueue.Synced(id: 8, topics: []))
        #expect(queue.recover() == [end, OutboundQueue.Synced(id: 8, topics: [])])
        #expect(queue.owedBytes == 0)
        #expect(queue.recover().isEmpty)
    }

    @Test("a burst is cut at about the limit, after whole entries")
    func bursts() {
        var queue = OutboundQueue(events: 100, bytes: 1 << 20)
        for offset in 1...10 { queue.append(event: frame(offset, size: 1_000)) }
        let burst = queue.popBurst(2_500, format: .webSocket, contexts: contexts)
        #expect(burst.map { FrameReader().read($0.withUnsafeBytes { Array($0) }).count } == 3)
        #expect(queue.eventCount == 7)
    }
}
