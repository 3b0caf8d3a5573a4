/// Fuzz target for frames and compressed messages.
///
/// The first three bytes choose the connection and the split, the rest is what a peer sends. Whatever it is,
/// nothing may crash; bytes that arrive in pieces must mean the same as the whole; and what the connection
/// echoes must be readable by the other end.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFrames(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let data, count > 3 else { return 0 }
    let input = UnsafeRawBufferPointer(start: data, count: count)
    let setup = Setup(input[0], input[1])
    let bytes = UnsafeRawBufferPointer(rebasing: input[3...])

    let whole = Run(setup)
    whole.receive(bytes)
    let pieces = Run(setup)
    var random = UInt32(input[2])
    var offset = 0
    while offset < bytes.count {
        random = random &* 1_103_515_245 &+ 12_345
        let size = min(bytes.count - offset, 1 + Int(random >> 16) % (input[2] < 128 ? 3 : 40))
        pieces.receive(UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + size]))
        offset += size
    }
    precondition(whole.log == pieces.log, "pieces mean something else than the whole")
    precondition(whole.connection.state == pieces.connection.state)
    precondition(whole.sink.bytes == pieces.sink.bytes)
    whole.checkEcho()
    return 0
}

/// What kind of connection the input is for.
struct Setup {
    var role: WebSocketRole
    var compression: PerMessageDeflate.Agreed?
    var limits: WebSocketLimits

    init(_ first: UInt8, _ second: UInt8) {
        role = first & 1 == 0 ? .server : .client
        if first & 2 != 0 {
            // The peer's window stays the largest: data that looks back beyond a smaller one is noticed or not,
            // depending on the pieces it comes in.
            let bits = 15 - Int(first >> 5)
            compression = PerMessageDeflate.Agreed(
                serverNoContextTakeover: first & 4 != 0,
                clientNoContextTakeover: first & 8 != 0,
                serverMaxWindowBits: role == .server ? bits : 15,
                clientMaxWindowBits: role == .client ? bits : 15
            )
        }
        limits = WebSocketLimits(
            frame: 100_000,
            message: second & 1 == 0 ? 20_000 : 40,
            hardMessage: second & 2 == 0 ? 60_000 : 80,
            fragments: second & 4 == 0 ? 1_000 : 3,
            acceptsBinary: second & 8 == 0
        )
    }
}

/// Where the connection and the echoing consumer both write.
final class Sink: ByteSink {
    var bytes: [UInt8] = []
    func write(_ more: UnsafeRawBufferPointer) { bytes.append(contentsOf: more) }
}

/// Writes down what it is told, and echoes messages.
struct Consumer: WebSocketConsumer {
    let connection: WebSocketConnection
    var sink: Sink
    var log: [UInt8] = []
    var echoes: [[UInt8]] = []
    var isClosed = false

    private mutating func note(_ tag: UInt8, _ bytes: UnsafeRawBufferPointer, _ number: Int) {
        precondition(!isClosed, "told something after the end")
        log.append(tag)
        withUnsafeBytes(of: number) { log.append(contentsOf: $0) }
        withUnsafeBytes(of: bytes.count) { log.append(contentsOf: $0) }
        log.append(contentsOf: bytes)
    }

    mutating func message(_ opcode: Opcode, _ payload: UnsafeRawBufferPointer, isASCII: Bool) {
        precondition(payload.count <= connection.limits.message)
        if opcode == .text {
            precondition(String(validating: payload, as: UTF8.self) != nil, "text that is not UTF-8")
            precondition(isASCII == payload.allSatisfy { $0 < 0x80 })
        } else {
            precondition(!isASCII && connection.limits.acceptsBinary)
        }
        note(opcode.rawValue, payload, isASCII ? 1 : 0)
        if connection.send(opcode, payload, output: &sink) { echoes.append(Array(payload)) }
    }

    mutating func oversizedMessage(_ opcode: Opcode, byteCount: Int) {
        precondition(byteCount > connection.limits.message && byteCount <= connection.limits.hardMessage)
        note(3, UnsafeRawBufferPointer(start: nil, count: 0), byteCount)
    }

    mutating func ping(_ payload: UnsafeRawBufferPointer) { note(9, payload, 0) }
    mutating func pong(_ payload: UnsafeRawBufferPointer) { note(10, payload, 0) }

    mutating func closed(_ code: CloseCode?, _ reason: String, by initiator: CloseInitiator) {
        Array(reason.utf8).withUnsafeBytes { note(8, $0, Int(code?.rawValue ?? 0)) }
        isClosed = true
    }
}

/// One connection and what came of it.
final class Run {
    let setup: Setup
    let connection: WebSocketConnection
    let contexts = DeflateContexts(settings: PerMessageDeflate.Settings(level: 1, threshold: 4))
    var sink = Sink()
    var consumer: Consumer

    init(_ setup: Setup) {
        self.setup = setup
        connection = WebSocketConnection(
            role: setup.role,
            limits: setup.limits,
            compression: setup.compression,
            contexts: contexts,
            maskKeys: { 0x0102_0304 }
        )
        consumer = Consumer(connection: connection, sink: sink)
    }

    var log: [UInt8] { consumer.log }

    /// Feeds a copy in memory of exactly that size, so that a read past it is noticed.
    func receive(_ bytes: UnsafeRawBufferPointer) {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        defer { memory.deallocate() }
        memory.copyMemory(from: bytes)
        connection.receive(memory, consumer: &consumer, output: &sink)
        precondition(connection.heldBytes <= 2 * max(setup.limits.message, 1_024))
        if connection.state == .closing { precondition(connection.heldBytes == 0) }
    }

    /// Reads what was sent with a connection of the other role.
    func checkEcho() {
        var limits = WebSocketLimits()
        limits.message = 1 << 20
        let peer = WebSocketConnection(
            role: setup.role == .server ? .client : .server,
            limits: limits,
            compression: setup.compression
        )
        var reader = Reader()
        var answers: [UInt8] = []
        sink.bytes.withUnsafeMutableBytes { peer.receive($0, consumer: &reader, output: &answers) }
        precondition(reader.messages == consumer.echoes, "the echo reads differently")
        precondition(!reader.hasFailed, "the other end cannot read what was sent")
    }
}

/// Collects messages.
struct Reader: WebSocketConsumer {
    var messages: [[UInt8]] = []
    var hasFailed = false

    mutating func message(_ opcode: Opcode, _ payload: UnsafeRawBufferPointer, isASCII: Bool) {
        messages.append(Array(payload))
    }
    mutating func oversizedMessage(_ opcode: Opcode, byteCount: Int) { hasFailed = true }
    mutating func ping(_ payload: UnsafeRawBufferPointer) {}
    mutating func pong(_ payload: UnsafeRawBufferPointer) {}
    mutating func closed(_ code: CloseCode?, _ reason: String, by initiator: CloseInitiator) {
        if case .failure = initiator { hasFailed = true }
    }
}
