import Realtime
import Testing

/// The limits on messages, and what a message under way costs.
struct WebSocketConnectionMessagesTests {
    private let limits = WebSocketLimits(message: 10, hardMessage: 20)

    @Test("A message over the limit is counted and thrown away, and the connection goes on")
    func oversized() {
        expectOverAllChunkings(
            Wire.text("0123456789") + Wire.text("0123456789a") + Wire.frame(2, Array(repeating: 0xFF, count: 20))
                + Wire.text("01234", fin: false) + Wire.frame(9, []) + Wire.text("next").replacingOpcode(0)
                + Wire.text("012345", fin: false) + Wire.text("012345").replacingOpcode(0) + Wire.text("end"),
            make: { WebSocketPeer(limits: limits) },
            events: [
                .text("0123456789"), .oversized(.text, 11), .oversized(.binary, 20), .ping([]),
                .text("01234next"), .oversized(.text, 12), .text("end"),
            ],
            output: Wire.frame(10, masked: false)
        )
    }

    @Test("Text over the limit is still checked, at the first wrong byte", arguments: [1, 2, 3])
    func oversizedText(fragments: Int) {
        let payload = Array("ääääää".utf8) + [0xC3, 0x28]
        let part = (payload.count + fragments - 1) / fragments
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: payload.count, by: part) {
            let end = min(start + part, payload.count)
            bytes += Wire.frame(start == 0 ? 1 : 0, Array(payload[start..<end]), fin: end == payload.count)
        }
        for chunks in Chunkings.all(of: bytes.count) {
            var peer = WebSocketPeer(limits: limits)
            peer.receive(bytes, chunks: chunks)
            #expect(peer.events == [.failed(.invalidUTF8)], "chunks \(chunks)")
        }
    }

    @Test("Text over the limit that ends inside a character fails")
    func oversizedCut() {
        var peer = WebSocketPeer(limits: limits)
        peer.receive(Wire.frame(1, Array("äääääää".utf8.dropLast())))
        #expect(peer.events == [.failed(.invalidUTF8)])
    }

    @Test("A message over the hard limit fails before its payload comes, whole or by its fragments")
    func hardLimit() {
        var whole = WebSocketPeer(limits: limits)
        whole.receive([0x81, 0x95, 0, 0, 0, 0])
        #expect(whole.events == [.failed(.messageTooBig)])
        var fragments = WebSocketPeer(limits: limits)
        fragments.receive(Wire.text("0123456789", fin: false) + Wire.text("0123456789", fin: false).replacingOpcode(0))
        #expect(fragments.events == [])
        fragments.receive([0x80, 0x81, 0, 0, 0, 0])
        #expect(fragments.events == [.failed(.messageTooBig)])
    }

    @Test("The limit can be raised for later messages")
    func raised() {
        var peer = WebSocketPeer(limits: limits)
        peer.receive(Wire.text("0123456789abc"))
        peer.connection.setMessageLimit(soft: 15, hard: 30)
        peer.receive(Wire.text("0123456789abc") + Wire.text("0123456789abcdefghijklmn"))
        #expect(peer.events == [.oversized(.text, 13), .text("0123456789abc"), .oversized(.text, 24)])
    }

    @Test("As many fragments as are allowed are accepted, and control frames do not count")
    func fragmentLimit() {
        var bytes = Wire.text("a", fin: false) + Wire.frame(9) + Wire.frame(0, [0x62], fin: false) + Wire.frame(9)
        bytes += Wire.frame(0, [0x63])
        expectOverAllChunkings(
            bytes + bytes,
            make: { WebSocketPeer(limits: WebSocketLimits(fragments: 3)) },
            events: [.ping([]), .ping([]), .text("abc"), .ping([]), .ping([]), .text("abc")],
            output: Array(repeating: Wire.frame(10, masked: false), count: 4).flatMap { $0 }
        )
    }

    @Test("An announced length costs no memory before its bytes come")
    func announcement() {
        var peer = WebSocketPeer(limits: WebSocketLimits(message: 1 << 30, hardMessage: 1 << 30))
        peer.receive([0x82, 0xFF, 0, 0, 0, 0, 0x01, 0, 0, 0, 1, 2, 3, 4])
        peer.receive([UInt8](repeating: 0, count: 1000))
        #expect((1000...4096).contains(peer.connection.heldBytes))
    }

    @Test("The memory of a message in many fragments grows in few steps")
    func growth() {
        var peer = WebSocketPeer()
        peer.receive(Wire.frame(2, [1], fin: false))
        let fragment = Wire.frame(0, [UInt8](repeating: 1, count: 64), fin: false)
        var sizes: Set<Int> = []
        for _ in 0..<2_000 {
            peer.receive(fragment)
            sizes.insert(peer.connection.heldBytes)
        }
        #expect((5...12).contains(sizes.count))
        #expect(peer.connection.heldBytes < 2 * 64 * 2_001)
    }

    @Test("An oversized message holds no memory while it arrives")
    func oversizedMemory() {
        var peer = WebSocketPeer(limits: WebSocketLimits(message: 1000, hardMessage: 1 << 20))
        peer.receive(Wire.frame(2, [UInt8](repeating: 1, count: 900), fin: false))
        #expect(peer.connection.heldBytes >= 900)
        peer.receive(Wire.frame(0, [UInt8](repeating: 1, count: 101), fin: false))
        #expect(peer.connection.heldBytes == 0)
        peer.receive(Wire.frame(0, [UInt8](repeating: 1, count: 5000)))
        #expect(peer.events == [.oversized(.binary, 6001)])
    }

    @Test("An idle connection holds neither buffers nor compression states")
    func idle() {
        let agreed = PerMessageDeflate.Agreed(serverNoContextTakeover: true, clientNoContextTakeover: true)
        let contexts = DeflateContexts(settings: PerMessageDeflate.Settings(threshold: 0))
        var client = WebSocketPeer(.client, compression: agreed, contexts: contexts)
        var server = WebSocketPeer(.server, compression: agreed, contexts: contexts)
        let text = Array(String(repeating: "to and fro ", count: 1000).utf8)
        client.send(.text, text)
        let bytes = client.takeOutput() + Wire.frame(9, [1, 2, 3]) + Wire.text("uncompressed")
        for split in 1..<bytes.count {
            server.receive(bytes[..<split])
            server.receive(bytes[split...])
            server.send(.text, text)
            #expect(server.connection.heldBytes == 0)
            #expect(!server.connection.holdsCompressionState)
        }
        #expect(server.events.count == 3 * (bytes.count - 1))
    }
}

extension [UInt8] {
    /// The frame with another opcode.
    func replacingOpcode(_ opcode: UInt8) -> [UInt8] {
        var frame = self
        frame[0] = frame[0] & 0xF0 | opcode
        return frame
    }
}
