import Domain

/// One WebSocket connection of an Engine.IO path, on the loop of its own shard.
final class EngineSocket: Session {
    /// How long a close frame may go unanswered, in milliseconds.
    private static let closeTimeout: Milliseconds = 5_000

    /// What the connection is for.
    enum Purpose {
        /// A session that begins on it, on the same loop.
        case open(EngineSession)
        /// A session that may change to it, on any loop.
        case upgrade(EngineSession)
    }

    private let shard: HubShard
    private let version: EngineIOVersion
    private let connection: WebSocketConnection
    private let outbox = Outbox()
    private var purpose: Purpose?
    private var owner: (any EngineSocketOwner)?
    private var driver: (any Link)?
    private var slot: ConnectionSlot?
    private var closingSince: Milliseconds?
    private var mayRead = true
    /// Pongs of RFC 6455 written while the peer took nothing, in bytes.
    private var untakenPongs = 0

    /// A connection of `shard` that takes messages of up to `maxPayload` bytes; a longer one ends it with 1009.
    init(shard: HubShard, version: EngineIOVersion, maxPayload: Int, purpose: Purpose) {
        self.shard = shard
        self.version = version
        self.purpose = purpose
        connection = WebSocketConnection(
            role: .server,
            limits: WebSocketLimits(
                frame: maxPayload,
                message: maxPayload,
                hardMessage: maxPayload,
                fragments: HubConfiguration.fragments
            ),
            contexts: shard.contexts
        )
    }

    // MARK: - Session

    func opened(_ link: any Link) {
        driver = link
        shard.join(self)
        switch purpose {
        case .open(let session):
            owner = session
            session.open(on: self)
        case .upgrade(let session) where session.shard === shard:
            owner = session
            session.attach(self)
        case .upgrade(let session):
            let bridge = EngineSocketBridge(socket: self, on: shard, session: session)
            owner = bridge
            bridge.attach()
        case nil: break
        }
        purpose = nil
    }

    func received(_ bytes: UnsafeMutableRawBufferPointer) {
        guard let driver else { return }
        var consumer = self
        var output = outbox
        connection.receive(bytes, consumer: &consumer, output: &output)
        let isWritable = driver.isWritable
        let count = outbox.flush(to: driver)
        if !isWritable {
            untakenPongs += count
            setReading()
        }
        if connection.shouldCloseTransport { driver.close() }
    }

    /// Whoever takes no answers is not read any more.
    private func setReading() {
        driver?.isReading = mayRead && untakenPongs <= EngineSession.pongLimit
    }

    func writable() {
        if untakenPongs > 0 {
            untakenPongs = 0
            setReading()
        }
        owner?.writable(self)
    }

    func inputClosed() {
        driver?.close()
    }

    func closed() {
        guard driver != nil else { return }
        driver = nil
        shard.leave(self)
        slot = nil
        leaveOwner()
    }

    private func leaveOwner() {
        let owner = self.owner
        self.owner = nil
        owner?.closed(self)
    }

    func tick(now: Milliseconds) {
        if let closingSince, now - closingSince >= Self.closeTimeout { driver?.close() }
    }

    /// Sessions close their sockets themselves.
    func shutDown() {}

    func abandon() {
        driver?.abort()
    }
}

extension EngineSocket: EngineWebSocket {
    var address: String { driver?.address ?? "" }

    var isWritable: Bool { connection.state == .open && driver?.isWritable == true }

    func write(_ bytes: Bytes) {
        guard connection.state == .open else { return }
        driver?.write(bytes)
    }

    func flush() {
        driver?.flush()
    }

    var isReading: Bool {
        get { mayRead }
        set {
            mayRead = newValue
            setReading()
        }
    }

    func close() {
        guard let driver, connection.state == .open else { return }
        var output = outbox
        connection.close(shard.hub.isStopping ? .goingAway : nil, output: &output)
        closingSince = shard.loop.now
        outbox.flush(to: driver)
        driver.flush()
        // The answer to the close frame must be read.
        driver.isReading = true
    }

    func abort() {
        driver?.abort()
    }

    func hold(_ slot: ConnectionSlot) {
        if driver != nil { self.slot = slot }
    }
}

extension EngineSocket: WebSocketConsumer {
    func message(_ opcode: Opcode, _ payload: UnsafeRawBufferPointer, isASCII: Bool) {
        let packet =
            opcode == .text
            ? EngineIOPacket(text: payload, version: version) : EngineIOPacket(binary: payload, version: version)
        owner?.received(packet, from: self)
    }

    /// The two limits are one, so a message that is too long ends the connection before.
    func oversizedMessage(_ opcode: Opcode, byteCount: Int) {}

    func ping(_ payload: UnsafeRawBufferPointer) {}

    func pong(_ payload: UnsafeRawBufferPointer) {}

    func closed(_ code: CloseCode?, _ reason: String, by initiator: CloseInitiator) {
        closingSince = closingSince ?? shard.loop.now
        // One that closes its socket in order has left, though its own packet may have come too late: python clients
        // close the socket while another thread is still to write that.
        if initiator == .peer, [.normalClosure, .goingAway, nil].contains(code) { owner?.received(.close, from: self) }
        leaveOwner()
    }
}
