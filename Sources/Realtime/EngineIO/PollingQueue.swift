import DequeModule

/// The packets that wait for a client's next poll, in their version 4 text form.
struct PollingQueue {
    /// A packet where it lies in bytes that others may share.
    private struct Packet {
        var bytes: Bytes
        var range: Range<Int>
    }

    /// The most packets in one answer: python clients take more for an error (contracts/socketio.md §2).
    static let answerLimit = 16

    /// The bytes past which it is full, however few packets they are.
    static let bytesLimit = 1024 * 1024

    private var packets: Deque<Packet> = []
    private var bytes = 0

    /// How many wait.
    var count: Int { packets.count }

    /// Whether none waits.
    var isEmpty: Bool { packets.isEmpty }

    /// Whether the next answer has no room for more.
    var isFull: Bool { packets.count >= Self.answerLimit || bytes >= Self.bytesLimit }

    /// Adds packets that are each ended by the separator 0x1E, as the hub writes them.
    mutating func append(ended bytes: Bytes) {
        bytes.withUnsafeBytes { buffer in
            var start = 0
            while start < buffer.count {
                let end = buffer[start...].firstIndex(of: EngineIOPayload.separator) ?? buffer.count
                packets.append(Packet(bytes: bytes, range: start..<end))
                self.bytes += end - start
                start = end + 1
            }
        }
    }

    /// Adds one packet, whatever stands in it.
    mutating func append(_ packet: EngineIOPacket) {
        let text = packet.text
        packets.append(Packet(bytes: Bytes(text), range: 0..<text.count))
        bytes += text.count
    }

    /// Takes out what goes into one answer.
    mutating func take(_ limit: Int = answerLimit) -> [[UInt8]] {
        let taken = packets.prefix(limit).map { packet in
            packet.bytes.withUnsafeBytes { Array($0[packet.range]) }
        }
        packets.removeFirst(taken.count)
        bytes -= taken.reduce(0) { $0 + $1.count }
        return taken
    }

    mutating func removeAll() {
        packets.removeAll()
        bytes = 0
    }
}
