import Testing

@testable import Realtime

struct PollingQueueTests {
    private func text(_ packets: [[UInt8]]) -> [String] { packets.map { String(decoding: $0, as: UTF8.self) } }

    @Test("runs of packets come apart at their ends, and leave sixteen at a time in order")
    func takes() {
        var queue = PollingQueue()
        var bytes = Bytes()
        for number in 0..<40 { bytes.write(text: "4\(number)\u{1E}") }
        queue.append(ended: bytes)
        #expect(queue.count == 40 && queue.isFull)
        #expect(text(queue.take()) == (0..<16).map { "4\($0)" })
        #expect(queue.isFull)
        #expect(text(queue.take()) == (16..<32).map { "4\($0)" })
        #expect(!queue.isFull)
        #expect(text(queue.take()) == (32..<40).map { "4\($0)" })
        #expect(queue.isEmpty && queue.take().isEmpty)
    }

    @Test("it is full with sixteen packets")
    func fills() {
        var queue = PollingQueue()
        for _ in 0..<15 { queue.append(.noop) }
        #expect(!queue.isFull)
        queue.append(.noop)
        #expect(queue.isFull)
    }

    @Test("it is full with few packets when they are long")
    func fillsWithBytes() {
        var queue = PollingQueue()
        let half = String(repeating: "x", count: PollingQueue.bytesLimit / 2)
        queue.append(.message(half))
        #expect(!queue.isFull)
        queue.append(ended: Bytes("4\(half)\u{1E}".utf8))
        #expect(queue.isFull)
        _ = queue.take(1)
        #expect(!queue.isFull)
        queue.append(.message(half))
        queue.removeAll()
        #expect(!queue.isFull)
    }

    @Test("a single packet stays one, whatever stands in it")
    func single() {
        var queue = PollingQueue()
        queue.append(.message("a\u{1E}4b"))
        queue.append(ended: Bytes("4c".utf8))
        #expect(text(queue.take()) == ["4a\u{1E}4b", "4c"])
    }
}
