import Domain

@testable import Realtime

/// A client's end of a WebSocket: decodes what the server wrote, and encodes what the client says.
final class FrameReader {
    private struct Consumer: WebSocketConsumer {
        var messages: [[UInt8]] = []
        var pings = 0
        var pongs = 0
        var closeCode: CloseCode?
        var isClosed = false
        var isBroken = false

        mutating func message(_ opcode: Opcode, _ payload: UnsafeRawBufferPointer, isASCII: Bool) {
            messages.append(Array(payload))
        }
        mutating func oversizedMessage(_ opcode: Opcode, byteCount: Int) { isBroken = true }
        mutating func ping(_ payload: UnsafeRawBufferPointer) { pings += 1 }
        mutating func pong(_ payload: UnsafeRawBufferPointer) { pongs += 1 }
        mutating func closed(_ code: CloseCode?, _ reason: String, by initiator: CloseInitiator) {
            isClosed = true
            closeCode = code
            if case .failure = initiator { isBroken = true }
        }
    }

    let connection: WebSocketConnection
    private var consumer = Consumer()
    /// What the client's protocol layer answers by itself, not yet sent.
    var reply: [UInt8] = []

    init(compression: PerMessageDeflate.Agreed? = nil) {
        connection = WebSocketConnection(
            role: .client,
            limits: WebSocketLimits(frame: 1 << 30, message: 1 << 30, hardMessage: 1 << 30),
            compression: compression,
            maskKeys: { 0x1234_5678 }
        )
    }

    var pings: Int { consumer.pings }
    var pongs: Int { consumer.pongs }
    var closeCode: UInt16? { consumer.closeCode?.rawValue }
    var isClosed: Bool { consumer.isClosed }
    /// Whether the server broke a rule of RFC 6455.
    var isBroken: Bool { consumer.isBroken }

    /// The messages in `bytes`.
    func read(_ bytes: [UInt8]) -> [[UInt8]] {
        var bytes = bytes
        bytes.withUnsafeMutableBytes { connection.receive($0, consumer: &consumer, output: &reply) }
        defer { consumer.messages = [] }
        return consumer.messages
    }

    /// One masked frame with a whole message.
    func encode(_ payload: [UInt8], _ opcode: Opcode = .text) -> [UInt8] {
        var output: [UInt8] = []
        payload.withUnsafeBytes { _ = connection.send(opcode, $0, output: &output) }
        return output
    }

    func encode(_ text: String) -> [UInt8] { encode(Array(text.utf8)) }

    func encodePing() -> [UInt8] {
        var output: [UInt8] = []
        connection.ping(UnsafeRawBufferPointer(start: nil, count: 0), output: &output)
        return output
    }

    func encodeClose(_ code: CloseCode) -> [UInt8] {
        var output: [UInt8] = []
        connection.close(code, output: &output)
        return output
    }
}

extension Session {
    /// Hands bytes over as a driver does.
    func receive(_ bytes: [UInt8]) {
        var bytes = bytes
        bytes.withUnsafeMutableBytes { received($0) }
    }
}
