import Realtime
import Testing

/// A consumer that writes down what it is told.
struct WebSocketRecorder: WebSocketConsumer {
    enum Event: Equatable {
        case message(Opcode, [UInt8], isASCII: Bool)
        case oversized(Opcode, Int)
        case ping([UInt8])
        case pong([UInt8])
        case closed(CloseCode?, String, CloseInitiator)

        static func text(_ text: String) -> Event {
            .message(.text, Array(text.utf8), isASCII: text.utf8.allSatisfy { $0 < 0x80 })
        }

        static func binary(_ bytes: [UInt8]) -> Event {
            .message(.binary, bytes, isASCII: false)
        }

        static func failed(_ failure: ProtocolFailure) -> Event {
            .closed(failure.closeCode, failure.reason, .failure(failure))
        }
    }

    var events: [Event] = []

    mutating func message(_ opcode: Opcode, _ payload: UnsafeRawBufferPointer, isASCII: Bool) {
        events.append(.message(opcode, Array(payload), isASCII: isASCII))
    }

    mutating func oversizedMessage(_ opcode: Opcode, byteCount: Int) {
        events.append(.oversized(opcode, byteCount))
    }

    mutating func ping(_ payload: UnsafeRawBufferPointer) {
        events.append(.ping(Array(payload)))
    }

    mutating func pong(_ payload: UnsafeRawBufferPointer) {
        events.append(.pong(Array(payload)))
    }

    mutating func closed(_ code: CloseCode?, _ reason: String, by initiator: CloseInitiator) {
        events.append(.closed(code, reason, initiator))
    }
}

/// A connection with a recorder, fed from arrays.
struct WebSocketPeer {
    let connection: WebSocketConnection
    var recorder = WebSocketRecorder()
    var output: [UInt8] = []

    init(
        _ role: WebSocketRole = .server,
        limits: WebSocketLimits = WebSocketLimits(),
        compression: PerMessageDeflate.Agreed? = nil,
        contexts: DeflateContexts? = nil
    ) {
        connection = WebSocketConnection(
            role: role,
            limits: limits,
            compression: compression,
            contexts: contexts,
            maskKeys: { 0x1234_5678 }
        )
    }

    var events: [WebSocketRecorder.Event] { recorder.events }

    /// Feeds a copy of the bytes, in memory of exactly their size.
    mutating func receive(_ bytes: some Collection<UInt8>) {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        defer { memory.deallocate() }
        memory.copyBytes(from: bytes)
        connection.receive(memory, consumer: &recorder, output: &output)
    }

    mutating func receive(_ bytes: [UInt8], chunks: [Int]) {
        var rest = bytes[...]
        for size in chunks {
            receive(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
    }

    @discardableResult
    mutating func send(_ opcode: Opcode, _ payload: [UInt8]) -> Bool {
        payload.withUnsafeBytes { connection.send(opcode, $0, output: &output) }
    }

    mutating func takeOutput() -> [UInt8] {
        defer { output = [] }
        return output
    }
}

/// Frames put together byte by byte, independently of the encoder.
enum Wire {
    static let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]

    static func frame(
        _ opcode: UInt8,
        _ payload: [UInt8] = [],
        fin: Bool = true,
        rsv: UInt8 = 0,
        masked: Bool = true
    ) -> [UInt8] {
        var bytes = [opcode | (fin ? 0x80 : 0) | rsv << 4]
        let maskBit: UInt8 = masked ? 0x80 : 0
        switch payload.count {
        case ...125: bytes.append(maskBit | UInt8(payload.count))
        case ...65535: bytes += [maskBit | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
        default: bytes += [maskBit | 127] + (0..<8).map { UInt8(payload.count >> (56 - 8 * $0) & 255) }
        }
        guard masked else { return bytes + payload }
        return bytes + key + payload.enumerated().map { $1 ^ key[$0 % 4] }
    }

    static func text(_ text: String, fin: Bool = true, masked: Bool = true) -> [UInt8] {
        frame(1, Array(text.utf8), fin: fin, masked: masked)
    }

    static func close(_ code: UInt16, _ reason: [UInt8] = [], masked: Bool = true) -> [UInt8] {
        frame(8, [UInt8(code >> 8), UInt8(code & 255)] + reason, masked: masked)
    }
}

/// Feeds the bytes over all chunkings, each to a fresh connection, and expects the same of each.
func expectOverAllChunkings(
    _ bytes: [UInt8],
    make: () -> WebSocketPeer = { WebSocketPeer() },
    events: [WebSocketRecorder.Event],
    output: [UInt8] = [],
    state: WebSocketConnection.State = .open,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    for chunks in Chunkings.all(of: bytes.count) {
        var peer = make()
        peer.receive(bytes, chunks: chunks)
        #expect(peer.events == events, "chunks \(chunks.prefix(20))", sourceLocation: sourceLocation)
        #expect(peer.output == output, "chunks \(chunks.prefix(20))", sourceLocation: sourceLocation)
        #expect(peer.connection.state == state, "chunks \(chunks.prefix(20))", sourceLocation: sourceLocation)
    }
}
