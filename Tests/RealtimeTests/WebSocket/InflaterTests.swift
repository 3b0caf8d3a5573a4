import Realtime
import Testing

/// Compressed messages as RFC 7692 §7.2.3 shows them, and as attackers make them.
struct InflaterTests {
    private static let agreed = PerMessageDeflate.Agreed(
        serverNoContextTakeover: true,
        clientNoContextTakeover: true
    )
    private static let hello: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]

    private func expectTexts(
        _ bytes: [UInt8],
        _ texts: [String],
        takeover: Bool = false,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        expectOverAllChunkings(
            bytes,
            make: { WebSocketPeer(compression: takeover ? PerMessageDeflate.Agreed() : Self.agreed) },
            events: texts.map { .text($0) },
            sourceLocation: sourceLocation
        )
    }

    @Test("The examples of RFC 7692 §7.2.3 are read")
    func examples() {
        expectTexts(Wire.frame(1, Self.hello, rsv: 4), ["Hello"])
        expectOverAllChunkings(
            Wire.frame(1, Array(Self.hello[..<3]), fin: false, rsv: 4) + Wire.frame(10)
                + Wire.frame(0, Array(Self.hello[3...])),
            make: { WebSocketPeer(compression: Self.agreed) },
            events: [.pong([]), .text("Hello")]
        )
        // Two messages that share a window (§7.2.3.2).
        expectTexts(
            Wire.frame(1, Self.hello, rsv: 4) + Wire.frame(1, [0xF2, 0x00, 0x11, 0x00, 0x00], rsv: 4),
            ["Hello", "Hello"],
            takeover: true
        )
        // A block without compression (§7.2.3.3).
        expectTexts(
            Wire.frame(1, [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00], rsv: 4),
            ["Hello"]
        )
        // A block with BFINAL (§7.2.3.4).
        expectTexts(Wire.frame(1, [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00], rsv: 4), ["Hello"])
        // Two blocks (§7.2.3.5).
        expectTexts(
            Wire.frame(1, [0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00], rsv: 4),
            ["Hello"]
        )
        // An empty message (§7.2.3.6).
        expectTexts(Wire.frame(1, [0x00], rsv: 4), [""])
    }

    @Test("The window survives a block with BFINAL")
    func finalBlock() {
        expectTexts(
            Wire.frame(1, [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00], rsv: 4)
                + Wire.frame(1, [0xF2, 0x00, 0x11, 0x00, 0x00], rsv: 4),
            ["Hello", "Hello"],
            takeover: true
        )
    }

    @Test("Without context takeover a reference to the last message is invalid")
    func noTakeover() {
        var peer = WebSocketPeer(compression: Self.agreed)
        peer.receive(Wire.frame(1, Self.hello, rsv: 4) + Wire.frame(1, [0xF2, 0x00, 0x11, 0x00, 0x00], rsv: 4))
        #expect(peer.events == [.text("Hello"), .failed(.invalidDeflateData)])
    }

    @Test("Messages may be uncompressed though compression was negotiated, and empty ones have no data")
    func uncompressed() {
        expectTexts(
            Wire.text("plain") + Wire.frame(1, Self.hello, rsv: 4) + Wire.frame(1, [], rsv: 4)
                + Wire.frame(1, Self.hello, rsv: 4),
            ["plain", "Hello", "", "Hello"]
        )
    }

    @Test("Inflated text is checked before its message ends")
    func utf8() {
        // A stored block with bytes that are no UTF-8, in a first fragment.
        let stored: [UInt8] = [0x00, 0x03, 0x00, 0xFC, 0xFF, 0x61, 0xC0, 0x80]
        expectOverAllChunkings(
            Wire.frame(1, stored, fin: false, rsv: 4),
            make: { WebSocketPeer(compression: Self.agreed) },
            events: [.failed(.invalidUTF8)],
            output: Wire.close(1007, Array(ProtocolFailure.invalidUTF8.reason.utf8), masked: false),
            state: .closing
        )
    }

    /// A message of `count` zero bytes, compressed about a thousandfold.
    private func bomb(_ count: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: count).withUnsafeBytes {
            DeflateContexts(settings: PerMessageDeflate.Settings(level: 9)).compressShared($0, windowBits: 15)
        }
    }

    @Test("A compression bomb is stopped at the hard limit and never holds more than the limit for messages")
    func bombs() {
        let limits = WebSocketLimits(message: 100_000, hardMessage: 1_000_000)
        let bytes = Wire.frame(2, bomb(8_000_000), rsv: 4)
        #expect(bytes.count < 20_000)
        var peer = WebSocketPeer(limits: limits, compression: Self.agreed)
        var most = 0
        for byte in bytes where peer.connection.state == .open {
            peer.receive([byte])
            most = max(most, peer.connection.heldBytes)
        }
        #expect(peer.events == [.failed(.messageTooBig)])
        #expect((1...100_000).contains(most))
        var whole = WebSocketPeer(limits: limits, compression: Self.agreed)
        whole.receive(bytes)
        #expect(whole.events == [.failed(.messageTooBig)])
        #expect(whole.connection.heldBytes == 0)
    }

    @Test(
        "A compressed message at the limits is delivered, counted or refused by its inflated size",
        arguments: [
            (99_999, 0), (100_000, 0), (100_001, 1), (300_000, 1), (300_001, 2),
        ]
    )
    func limits(count: Int, outcome: Int) {
        let limits = WebSocketLimits(message: 100_000, hardMessage: 300_000)
        let bytes = Wire.frame(2, bomb(count), rsv: 4) + Wire.text("next")
        for chunks in Chunkings.all(of: bytes.count).prefix(40) {
            var peer = WebSocketPeer(limits: limits, compression: Self.agreed)
            peer.receive(bytes, chunks: chunks)
            switch outcome {
            case 0: #expect(peer.events == [.binary([UInt8](repeating: 0, count: count)), .text("next")])
            case 1: #expect(peer.events == [.oversized(.binary, count), .text("next")])
            default: #expect(peer.events == [.failed(.messageTooBig)])
            }
        }
    }

    @Test("Empty blocks without end are refused though they inflate to nothing")
    func emptyBlocks() {
        let limits = WebSocketLimits(message: 1_000, hardMessage: 10_000)
        let block: [UInt8] = [0x00, 0x00, 0x00, 0xFF, 0xFF]
        var peer = WebSocketPeer(limits: limits, compression: Self.agreed)
        peer.receive(Wire.frame(2, block, fin: false, rsv: 4))
        let frame = Wire.frame(0, Array(repeating: block, count: 200).flatMap { $0 }, fin: false)
        for _ in 0..<20 { peer.receive(frame) }
        #expect(peer.events == [.failed(.messageTooBig)])
    }

    @Test("Random bytes as compressed data never do more than fail", arguments: 1...10)
    func garbage(seed: Int) {
        print("seed \(seed)")
        var random = SeededGenerator(seed: UInt64(seed))
        for _ in 0..<100 {
            var peer = WebSocketPeer(
                limits: WebSocketLimits(message: 5_000, hardMessage: 50_000),
                compression: Bool.random(using: &random) ? Self.agreed : PerMessageDeflate.Agreed()
            )
            for _ in 0..<5 {
                peer.receive(Wire.frame(2, random.bytes(Int.random(in: 0...300, using: &random)), rsv: 4))
                #expect(peer.connection.heldBytes == 0)
            }
            let failures = peer.events.filter { if case .closed = $0 { true } else { false } }
            #expect(failures.count <= 1)
        }
    }
}
