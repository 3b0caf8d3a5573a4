import DequeModule
package import Domain

/// One client of `vitrine.v1` over WebSocket (contracts/realtime.md).
///
/// Confined to its shard's loop. What a client asks for is done in the order of its messages; while one waits for
/// the task engine or the store, the later ones wait behind it.
package final class NativeSession: Session, HubClient {
    /// How long a close frame may go unanswered.
    private static let closeTimeout: Milliseconds = 5_000

    let shard: HubShard
    let hub: Hub
    let commands: any TaskCommands
    var tasks: any FinishedTasks { commands }
    let role: Role
    let subscriber: Subscriber
    let connection: WebSocketConnection
    private(set) var link: (any Link)?
    private var slot: ConnectionSlot?
    private let outbox = Outbox()
    /// Pongs written while the peer took nothing, in bytes.
    private(set) var unreadControl = 0
    var inbox = Inbox<Incoming>()
    var limiter: RateLimiter
    var errors = ErrorBudget()
    var rateNoticeAt: Milliseconds?
    var isThrottled = false
    /// Whether a message waits for something outside the loop.
    var isBusy = false
    /// Whether messages are being done at this moment.
    var isAdvancing = false
    /// Whether the peer said goodbye or broke a rule; what it sent before still counts.
    private(set) var hasPeerEnded = false
    var record: ClientRecord
    var hasSaidHello = false
    /// The engine's way here, once the client works.
    var worker: NativeWorker?
    /// A worker's words that the engine has not answered, oldest first.
    var sentWords: Deque<SentWord> = []
    private var lastHeard: Milliseconds
    private var pingedAt: Milliseconds?
    private var closingSince: Milliseconds?

    /// A session of the shard for a connection that was admitted with `role`.
    package init(
        shard: HubShard,
        tasks: any TaskCommands,
        role: Role,
        compression: PerMessageDeflate.Agreed?,
        slot: ConnectionSlot
    ) {
        self.slot = slot
        self.shard = shard
        hub = shard.hub
        commands = tasks
        self.role = role
        let now = shard.loop.now
        let configuration = shard.hub.configuration
        limiter = RateLimiter(perSecond: configuration.messageRate, now: now)
        lastHeard = now
        let format: WireFormat =
            compression.map { .webSocketDeflate(windowBits: $0.serverMaxWindowBits) } ?? .webSocket
        subscriber = Subscriber(shard: shard, format: format, configuration: configuration)
        connection = WebSocketConnection(
            role: .server,
            limits: WebSocketLimits(
                frame: HubConfiguration.hardMessage,
                message: configuration.maxMessage,
                hardMessage: max(HubConfiguration.hardMessage, configuration.maxMessage),
                fragments: HubConfiguration.fragments,
                acceptsBinary: false
            ),
            compression: compression,
            contexts: shard.contexts
        )
        record = ClientRecord(
            id: Identifier.make(),
            kind: .script,
            transport: .websocket,
            protocol: "vitrine.v1",
            role: role,
            since: shard.hub.clock.now,
            address: ""
        )
    }

    // MARK: - Session

    package func opened(_ link: any Link) {
        self.link = link
        subscriber.open(link, for: self)
        shard.join(self)
        record.address = link.address
        hub.journal.publish(.clientJoined(record))
        subscriber.send(.welcome(record, hub: hub))
        link.flush()
        if hub.isStopping { shutDown() }
    }

    package func received(_ bytes: UnsafeMutableRawBufferPointer) {
        heard()
        var consumer = self
        var output = outbox
        connection.receive(bytes, consumer: &consumer, output: &output)
        writeOutput()
        process()
    }

    package func writable() {
        guard !shard.isDraining else { return shard.postpone(self) }
        // A peer that is not read because it did not read can only show in this way that it is alive.
        if isUnread { heard() }
        unreadControl = 0
        subscriber.drain()
        process()
    }

    private func heard() {
        lastHeard = shard.loop.now
        pingedAt = nil
    }

    package func inputClosed() {
        link?.close()
    }

    package func closed() {
        guard link != nil else { return }
        link = nil
        subscriber.close()
        endWork()
        shard.leave(self)
        inbox.removeAll()
        slot = nil
        hub.journal.publish(.clientLeft(id: record.id))
    }

    package func tick(now: Milliseconds) {
        if let closingSince, now - closingSince >= Self.closeTimeout { return link?.close() ?? () }
        if isThrottled { process() }
        // A peer that waits for us to read on says nothing by saying nothing.
        if inbox.isFull { heard() }
        let configuration = hub.configuration
        if let pingedAt {
            guard now - pingedAt >= configuration.pingTimeout else { return }
            close(CloseCode(rawValue: 4408), "no answer to ping")
            link?.close()
        } else if now - lastHeard >= configuration.pingInterval, connection.state == .open {
            pingedAt = now
            var output = outbox
            _ = connection.ping(UnsafeRawBufferPointer(start: nil, count: 0), output: &output)
            writeOutput()
            link?.flush()
        }
    }

    package func abandon() {
        link?.abort()
    }

    package func shutDown() {
        close(.goingAway, "the server stops")
        link?.flush()
    }

    /// Begins the closing handshake; nothing is sent after the close frame and nothing more is done.
    func close(_ code: CloseCode, _ reason: String) {
        guard connection.state == .open else { return }
        var output = outbox
        connection.close(code, reason: reason, output: &output)
        closingSince = shard.loop.now
        writeOutput()
        inbox.removeAll()
        subscriber.close()
        endWork()
    }

    private func writeOutput() {
        guard let link else { return }
        let isWritable = link.isWritable
        let count = outbox.flush(to: link)
        if !isWritable { unreadControl += count }
    }
}

extension NativeSession: WebSocketConsumer {
    package func message(_ opcode: Opcode, _ payload: UnsafeRawBufferPointer, isASCII: Bool) {
        hub.statistics.noteReceived(1)
        receive(Incoming(payload), size: payload.count)
    }

    package func oversizedMessage(_ opcode: Opcode, byteCount: Int) {
        hub.statistics.noteReceived(1)
        let text = "a message of \(byteCount) bytes; the limit is \(connection.limits.message)"
        receive(.failure(ProtocolError(.tooLarge, text), id: nil), size: 0)
    }

    package func ping(_ payload: UnsafeRawBufferPointer) {}

    package func pong(_ payload: UnsafeRawBufferPointer) {}

    package func closed(_ code: CloseCode?, _ reason: String, by initiator: CloseInitiator) {
        if initiator != .local { hasPeerEnded = true }
        closingSince = closingSince ?? shard.loop.now
        subscriber.close()
    }
}
