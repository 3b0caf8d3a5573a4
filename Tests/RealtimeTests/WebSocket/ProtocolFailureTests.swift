import Realtime
import Testing

/// One wrong input or more for each failure; a test holds the table complete.
struct ProtocolFailureTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var failure: ProtocolFailure
        var bytes: [UInt8]
        var role = WebSocketRole.server
        var compression: PerMessageDeflate.Agreed?
        var limits = WebSocketLimits()
        /// How many bytes are needed before the failure; by default all.
        var needed: Int?

        var testDescription: String { "\(failure) \(bytes.prefix(16))" }
    }

    private static let deflate = PerMessageDeflate.Agreed(
        serverNoContextTakeover: true,
        clientNoContextTakeover: true
    )

    static let cases: [Case] =
        [0x91, 0xA1, 0xB1, 0xC1].map { Case(failure: .reservedBit, bytes: [$0]) }
        + [0x91, 0xA1, 0xD1].map { Case(failure: .reservedBit, bytes: [$0], compression: deflate) }
        + [0xC8, 0xC9, 0xCA].map { Case(failure: .compressedControlFrame, bytes: [$0], compression: deflate) }
        + [
            Case(failure: .compressedContinuation, bytes: Wire.text("a", fin: false) + [0xC0], compression: deflate)
        ]
        + [0x83, 0x84, 0x85, 0x86, 0x87, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F, 0x03, 0x0F].map {
            Case(failure: .reservedOpcode, bytes: [$0])
        }
        + [0x08, 0x09, 0x0A].map { Case(failure: .fragmentedControlFrame, bytes: [$0]) }
        + [
            Case(failure: .controlFrameTooLong, bytes: [0x89, 0xFE]),
            Case(failure: .controlFrameTooLong, bytes: [0x88, 0xFF]),
            Case(failure: .unexpectedContinuation, bytes: [0x80]),
            Case(failure: .unexpectedContinuation, bytes: [0x00]),
            Case(failure: .unexpectedContinuation, bytes: Wire.text("whole") + [0x80]),
            Case(failure: .interleavedMessage, bytes: Wire.text("part", fin: false) + [0x81]),
            Case(failure: .interleavedMessage, bytes: Wire.text("part", fin: false) + [0x02]),
            Case(failure: .unmaskedFrame, bytes: [0x81, 0x05]),
            Case(failure: .unmaskedFrame, bytes: [0x89, 0x00]),
            Case(failure: .maskedFrame, bytes: [0x81, 0x85], role: .client),
            Case(failure: .nonMinimalLength, bytes: [0x82, 0xFE, 0, 0]),
            Case(failure: .nonMinimalLength, bytes: [0x82, 0xFE, 0, 125]),
            Case(failure: .nonMinimalLength, bytes: [0x82, 0xFF, 0, 0, 0, 0, 0, 0]),
            Case(failure: .lengthOverflow, bytes: [0x82, 0xFF, 0x80]),
            Case(failure: .frameTooBig, bytes: [0x82, 0xFF, 0x01]),
            Case(failure: .frameTooBig, bytes: [0x82, 0xE5], limits: WebSocketLimits(frame: 100)),
            Case(failure: .frameTooBig, bytes: [0x82, 0xFE, 0x04], limits: WebSocketLimits(frame: 1000)),
            Case(failure: .frameTooBig, bytes: [0x82, 0xFE, 0x03, 0xE9], limits: WebSocketLimits(frame: 1000)),
            Case(
                failure: .messageTooBig,
                bytes: [0x82, 0x8B, 1, 2, 3, 4],
                limits: WebSocketLimits(message: 5, hardMessage: 10)
            ),
            Case(
                failure: .messageTooBig,
                bytes: Wire.frame(2, [1, 2, 3, 4, 5], fin: false) + [0x80, 0x86, 1, 2, 3, 4],
                limits: WebSocketLimits(message: 5, hardMessage: 10)
            ),
            Case(
                failure: .tooManyFragments,
                bytes: Wire.text("a", fin: false) + Wire.frame(0, [], fin: false) + [0x80, 0x80, 1, 2, 3, 4],
                limits: WebSocketLimits(fragments: 2)
            ),
            Case(failure: .binaryNotAccepted, bytes: [0x82], limits: WebSocketLimits(acceptsBinary: false)),
            Case(failure: .binaryNotAccepted, bytes: [0x02], limits: WebSocketLimits(acceptsBinary: false)),
            Case(failure: .truncatedCloseCode, bytes: [0x88, 0x81]),
            Case(failure: .invalidCloseCode, bytes: Wire.close(1005)),
            Case(failure: .invalidCloseReason, bytes: Wire.close(1000, [0x41, 0xFF])),
            Case(failure: .invalidCloseReason, bytes: Wire.close(1000, [0xE2, 0x82])),
            Case(
                failure: .invalidDeflateData,
                bytes: Wire.frame(1, [0x07], rsv: 4),
                compression: deflate
            ),
            Case(
                failure: .truncatedDeflateData,
                bytes: Wire.frame(1, [0xF2, 0x48, 0xCD], rsv: 4),
                compression: deflate
            ),
        ]
        + [
            [0xFF], [0x80], [0xC0, 0x80], [0xED, 0xA0], [0xF4, 0x90], [0xCE],
            Array("κόσμε".utf8) + [0xED, 0xA0],
        ].map { Case(failure: .invalidUTF8, bytes: Wire.frame(1, $0)) }

    @Test("Every failure has an input that causes it")
    func complete() {
        #expect(Set(Self.cases.map(\.failure)) == Set(ProtocolFailure.allCases))
    }

    @Test("A wrong input fails the connection with its close code, over all chunkings", arguments: cases)
    func fails(_ test: Case) {
        let reason = Array(test.failure.reason.utf8)
        let isServer = test.role == .server
        for chunks in Chunkings.all(of: test.bytes.count) {
            var peer = WebSocketPeer(test.role, limits: test.limits, compression: test.compression)
            // What follows the failure must not matter.
            peer.receive(test.bytes, chunks: chunks)
            peer.receive(Wire.text("ignored", masked: isServer))
            #expect(peer.events.last == .failed(test.failure), "chunks \(chunks)")
            #expect(peer.connection.state == .closing)
            #expect(peer.connection.shouldCloseTransport)
            if isServer {
                #expect(peer.output == Wire.close(test.failure.closeCode.rawValue, reason, masked: false))
            }
            let isSent = peer.send(.text, [0x41])
            #expect(!isSent, "sent after the failure")
        }
    }

    @Test("The failure comes with the last byte of the input, not later and not earlier", arguments: cases)
    func early(_ test: Case) {
        guard test.failure != .invalidUTF8, test.failure != .invalidCloseReason else { return }
        var peer = WebSocketPeer(test.role, limits: test.limits, compression: test.compression)
        peer.receive(test.bytes.dropLast())
        #expect(peer.connection.state == .open)
        peer.receive(test.bytes.suffix(1))
        #expect(peer.connection.state == .closing)
    }

    @Test("A wrong byte in a text fails before the rest of its frame has come")
    func failFast() {
        // Autobahn 6.4: a frame of which the first wrong byte arrives, but never the end.
        let payload = Array("κόσμε".utf8) + [0xF4, 0x90, 0x80, 0x80] + Array("edited".utf8)
        let bytes = Wire.frame(1, payload)
        let wrong = 6 + Array("κόσμε".utf8).count + 1
        var peer = WebSocketPeer()
        peer.receive(bytes[..<wrong])
        #expect(peer.connection.state == .open)
        peer.receive(bytes[wrong...wrong])
        #expect(peer.events == [.failed(.invalidUTF8)])
    }

    @Test("Codes and reasons fit into a close frame")
    func table() {
        for failure in ProtocolFailure.allCases {
            #expect(failure.closeCode.isValidOnWire)
            #expect((1...123).contains(failure.reason.utf8.count))
        }
        #expect(ProtocolFailure.invalidUTF8.closeCode == .invalidPayload)
        #expect(ProtocolFailure.messageTooBig.closeCode == .messageTooBig)
        #expect(ProtocolFailure.frameTooBig.closeCode == .messageTooBig)
        #expect(ProtocolFailure.tooManyFragments.closeCode == .policyViolation)
        #expect(ProtocolFailure.binaryNotAccepted.closeCode == .unsupportedData)
        #expect(ProtocolFailure.reservedBit.closeCode == .protocolError)
    }
}
