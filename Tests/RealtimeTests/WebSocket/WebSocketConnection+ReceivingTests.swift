import Realtime
import Testing

struct WebSocketConnectionReceivingTests {
    @Test("The examples of RFC 6455 §5.7 are read")
    func examples() {
        expectOverAllChunkings(
            [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58],
            events: [.text("Hello")]
        )
        expectOverAllChunkings(
            [0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F],
            make: { WebSocketPeer(.client) },
            events: [.text("Hello")]
        )
        expectOverAllChunkings(
            [0x01, 0x03, 0x48, 0x65, 0x6C, 0x80, 0x02, 0x6C, 0x6F],
            make: { WebSocketPeer(.client) },
            events: [.text("Hello")]
        )
        expectOverAllChunkings(
            [0x8A, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58],
            events: [.pong(Array("Hello".utf8))]
        )
    }

    @Test(
        "Payloads at the borders of the three length forms arrive whole",
        arguments: [
            0, 1, 125, 126, 127, 65_535, 65_536, 65_537,
        ]
    )
    func lengths(count: Int) {
        var random = SeededGenerator(seed: UInt64(count))
        let payload = random.bytes(count)
        let bytes = Wire.frame(2, payload)
        for split in Array(0...min(bytes.count, 16)) + [bytes.count / 2, bytes.count - 1] {
            var peer = WebSocketPeer()
            peer.receive(bytes, chunks: [split, bytes.count - split])
            #expect(peer.events == [.binary(payload)], "split \(split)")
        }
    }

    @Test("Fragments are put together, with control frames between them answered")
    func fragments() {
        let bytes =
            Wire.text("Κό", fin: false) + Wire.frame(9, [1, 2]) + Wire.frame(0, [0xCF], fin: false)
            + Wire.frame(10, []) + Wire.frame(0, [], fin: false) + Wire.frame(0, [0x83, 0x21]) + Wire.text("next")
        expectOverAllChunkings(
            bytes,
            events: [.ping([1, 2]), .pong([]), .text("Κόσ!"), .text("next")],
            output: Wire.frame(10, [1, 2], masked: false)
        )
    }

    @Test("Empty messages are delivered, whole and in fragments")
    func empty() {
        expectOverAllChunkings(
            Wire.frame(1) + Wire.frame(2) + Wire.frame(1, fin: false) + Wire.frame(0),
            events: [.text(""), .binary([]), .text("")]
        )
    }

    @Test("A message that lies in the received bytes is delivered there, unmasked in place")
    func inPlace() {
        struct Locator: WebSocketConsumer {
            var bases: [UnsafeRawPointer?] = []
            mutating func message(_ opcode: Opcode, _ payload: UnsafeRawBufferPointer, isASCII: Bool) {
                bases.append(payload.baseAddress)
            }
            mutating func oversizedMessage(_ opcode: Opcode, byteCount: Int) {}
            mutating func ping(_ payload: UnsafeRawBufferPointer) {}
            mutating func pong(_ payload: UnsafeRawBufferPointer) {}
            mutating func closed(_ code: CloseCode?, _ reason: String, by initiator: CloseInitiator) {}
        }
        var bytes = Wire.text("first") + Wire.frame(2, [1, 2, 3])
        let connection = WebSocketConnection(role: .server)
        var locator = Locator()
        var output: [UInt8] = []
        bytes.withUnsafeMutableBytes { buffer in
            connection.receive(buffer, consumer: &locator, output: &output)
            let base = UnsafeRawPointer(buffer.baseAddress)
            #expect(locator.bases == [base.map { $0 + 6 }, base.map { $0 + 17 }])
        }
        #expect(Array(bytes[6..<11]) == Array("first".utf8))
    }

    @Test("isASCII tells ASCII text from other text, in one piece and in fragments")
    func ascii() {
        expectOverAllChunkings(
            Wire.text("plain") + Wire.text("naïve") + Wire.text("pl", fin: false) + Wire.frame(0, [0x61])
                + Wire.text("pl", fin: false) + Wire.frame(0, Array("ä".utf8)),
            events: [.text("plain"), .text("naïve"), .text("pla"), .text("plä")]
        )
    }

    @Test("A consumer may answer while it is called, and the answers stand in order")
    func reentrance() {
        final class Sink: ByteSink {
            var bytes: [UInt8] = []
            func write(_ more: UnsafeRawBufferPointer) { bytes += more }
        }
        struct Echo: WebSocketConsumer {
            let connection: WebSocketConnection
            var sink: Sink
            mutating func message(_ opcode: Opcode, _ payload: UnsafeRawBufferPointer, isASCII: Bool) {
                connection.send(opcode, payload, output: &sink)
                if payload.count == 3 { connection.close(.goingAway, reason: "", output: &sink) }
            }
            mutating func oversizedMessage(_ opcode: Opcode, byteCount: Int) {}
            mutating func ping(_ payload: UnsafeRawBufferPointer) {}
            mutating func pong(_ payload: UnsafeRawBufferPointer) {}
            mutating func closed(_ code: CloseCode?, _ reason: String, by initiator: CloseInitiator) {}
        }
        let connection = WebSocketConnection(role: .server)
        var sink = Sink()
        var echo = Echo(connection: connection, sink: sink)
        var bytes = Wire.text("a") + Wire.frame(9) + Wire.text("b", fin: false) + Wire.frame(0, [0x63, 0x64])
        bytes += Wire.text("late") + Wire.frame(9, [7])
        bytes.withUnsafeMutableBytes { connection.receive($0, consumer: &echo, output: &sink) }
        #expect(
            sink.bytes
                == Wire.text("a", masked: false) + Wire.frame(10, masked: false)
                + Wire.text("bcd", masked: false) + Wire.close(1001, masked: false)
                + Wire.frame(10, [7], masked: false)
        )
        #expect(connection.state == .closeSent)
    }

    @Test("Random messages of a client arrive unchanged over random chunks", arguments: 1...10)
    func property(seed: Int) {
        print("seed \(seed)")
        var random = SeededGenerator(seed: UInt64(seed))
        var client = WebSocketPeer(.client)
        var server = WebSocketPeer(.server, limits: WebSocketLimits(message: 1 << 20))
        var expected: [WebSocketRecorder.Event] = []
        for most in [0, 5, 5, 130, 130, 130, 300, 1000, 3000, 70_000].shuffled(using: &random) {
            let payload = random.bytes(Int.random(in: 0...most, using: &random))
            if Bool.random(using: &random) {
                let text = String(decoding: payload, as: UTF8.self)
                expected.append(.text(text))
                client.send(.text, Array(text.utf8))
            } else {
                expected.append(.binary(payload))
                client.send(.binary, payload)
            }
        }
        let bytes = client.takeOutput()
        server.receive(bytes, chunks: Chunkings.random(of: bytes.count, using: &random))
        #expect(server.events == expected)
    }
}
