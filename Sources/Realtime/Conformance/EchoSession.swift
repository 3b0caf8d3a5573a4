import Domain

/// Sends every message back as it came, text as text and binary as binary.
final class EchoSession: Session, WebSocketConsumer {
    /// How long a close frame may go unanswered.
    private static let closeTimeout: Milliseconds = 5_000

    private let shard: HubShard
    private let connection: WebSocketConnection
    private let outbox = Outbox()
    private var link: (any Link)?
    private var slot: ConnectionSlot?
    private var closingSince: Milliseconds?

    init(shard: HubShard, connection: WebSocketConnection, slot: ConnectionSlot) {
        self.slot = slot
        self.shard = shard
        self.connection = connection
    }

    func opened(_ link: any Link) {
        self.link = link
        shard.join(self)
    }

    func received(_ bytes: UnsafeMutableRawBufferPointer) {
        guard let link else { return }
        var consumer = self
        var output = outbox
        connection.receive(bytes, consumer: &consumer, output: &output)
        outbox.flush(to: link)
        if connection.shouldCloseTransport { link.close() }
        link.isReading = link.isWritable
    }

    func writable() {
        link?.isReading = true
    }

    func inputClosed() {
        link?.close()
    }

    func closed() {
        guard link != nil else { return }
        link = nil
        shard.leave(self)
        slot = nil
    }

    func tick(now: Milliseconds) {
        if let closingSince, now - closingSince >= Self.closeTimeout { link?.close() }
    }

    func abandon() {
        link?.abort()
    }

    func shutDown() {
        guard let link else { return }
        var output = outbox
        connection.close(.goingAway, reason: "the server stops", output: &output)
        closingSince = shard.loop.now
        outbox.flush(to: link)
        link.flush()
    }

    // MARK: - WebSocketConsumer

    func message(_ opcode: Opcode, _ payload: UnsafeRawBufferPointer, isASCII: Bool) {
        var output = outbox
        connection.send(opcode, payload, output: &output)
    }

    func oversizedMessage(_ opcode: Opcode, byteCount: Int) {}

    func ping(_ payload: UnsafeRawBufferPointer) {}

    func pong(_ payload: UnsafeRawBufferPointer) {}

    func closed(_ code: CloseCode?, _ reason: String, by initiator: CloseInitiator) {
        closingSince = closingSince ?? shard.loop.now
    }
}
