import DequeModule
import Domain

/// One client of a fan-out path; nothing for it is left out as long as it reads.
final class FanoutSession: Session, WebSocketConsumer {
    /// What may wait for a client that does not read, in bytes; past it the client is closed with 1008.
    private static let backlogLimit = 64 * 1024 * 1024
    /// How long a close frame may go unanswered.
    private static let closeTimeout: Milliseconds = 5_000

    private let room: FanoutRoom
    private let rooms: [FanoutRoom]
    private let connection: WebSocketConnection
    private let outbox = Outbox()
    private var link: (any Link)?
    private var slot: ConnectionSlot?
    private var backlog: Deque<Bytes> = []
    private var backlogBytes = 0
    private var closingSince: Milliseconds?

    init(room: FanoutRoom, rooms: [FanoutRoom], connection: WebSocketConnection, slot: ConnectionSlot) {
        self.slot = slot
        self.room = room
        self.rooms = rooms
        self.connection = connection
    }

    /// Sends encoded frames, now or when the client reads again.
    func deliver(_ bytes: Bytes) {
        guard let link, connection.state == .open, !bytes.isEmpty else { return }
        if backlog.isEmpty, link.isWritable {
            link.write(bytes)
            link.flush()
            return
        }
        backlog.append(bytes)
        backlogBytes += bytes.count
        if backlogBytes > Self.backlogLimit { close(.policyViolation, "too slow") }
    }

    private func close(_ code: CloseCode, _ reason: String) {
        guard let link else { return }
        var output = outbox
        connection.close(code, reason: reason, output: &output)
        closingSince = room.shard.loop.now
        backlog = []
        outbox.flush(to: link)
        link.flush()
    }

    func opened(_ link: any Link) {
        self.link = link
        room.shard.join(self)
        room.join(self)
    }

    func received(_ bytes: UnsafeMutableRawBufferPointer) {
        guard let link else { return }
        var consumer = self
        var output = outbox
        connection.receive(bytes, consumer: &consumer, output: &output)
        outbox.flush(to: link)
        if connection.shouldCloseTransport { link.close() }
    }

    func writable() {
        guard let link else { return }
        while link.isWritable, let bytes = backlog.popFirst() {
            backlogBytes -= bytes.count
            link.write(bytes)
        }
        link.flush()
    }

    func inputClosed() {
        link?.close()
    }

    func closed() {
        guard link != nil else { return }
        link = nil
        backlog = []
        room.leave(self)
        room.shard.leave(self)
        slot = nil
    }

    func tick(now: Milliseconds) {
        if let closingSince, now - closingSince >= Self.closeTimeout { link?.close() }
    }

    func abandon() {
        link?.abort()
    }

    func shutDown() {
        close(.goingAway, "the server stops")
    }

    // MARK: - WebSocketConsumer

    func message(_ opcode: Opcode, _ payload: UnsafeRawBufferPointer, isASCII: Bool) {
        var frame = Bytes(capacity: payload.count + 10)
        FrameEncoder.encode(opcode, payload, rsv1: false, into: &frame)
        let message = FanoutRoom.Message(frame: frame, sender: ObjectIdentifier(self))
        for room in rooms { room.post(message) }
    }

    func oversizedMessage(_ opcode: Opcode, byteCount: Int) {}

    func ping(_ payload: UnsafeRawBufferPointer) {}

    func pong(_ payload: UnsafeRawBufferPointer) {}

    func closed(_ code: CloseCode?, _ reason: String, by initiator: CloseInitiator) {
        closingSince = closingSince ?? room.shard.loop.now
        room.leave(self)
    }
}
