import DequeModule
package import Domain

/// One client of `vitrine.v1` over WebSocket (contracts/realtime.md).
///
/// Confined to its shard's loop. What a client asks for is done in the order of its messages; while one waits for
/// the task engine or the store, the later ones wait behind it.
package final class NativeSession: Session {
    /// A message as read, or what is wrong with it.
    enum Incoming {
        case message(ClientMessage, type: String, id: JSON?)
        case failure(ProtocolError, id: JSON?)
    }

    /// More answers than this unread, in bytes, and the client is not read either (G7).
    private static let unreadLimit = 256 * 1024
    /// More messages than this waiting, and the client is not read for a while.
    private static let inboxLimit = 256
    /// How long a close frame may go unanswered.
    private static let closeTimeout: Milliseconds = 5_000

    let shard: HubShard
    let hub: Hub
    let tasks: any TaskCommands
    let role: Role
    let subscriber: Subscriber
    private let connection: WebSocketConnection
    private(set) var link: (any Link)?
    private let outbox = Outbox()
    /// Pongs written while the peer took nothing, in bytes.
    private var unreadControl = 0
    private var inbox: Deque<Incoming> = []
    private var limiter: RateLimiter
    private var errors = ErrorBudget()
    private var rateNoticeAt: Milliseconds?
    private var isThrottled = false
    /// Whether a message waits for something outside the loop.
    var isBusy = false
    var record: ClientRecord
    var hasSaidHello = false
    private var hasJoined = false
    private var lastHeard: Milliseconds
    private var pingedAt: Milliseconds?
    private var closingSince: Milliseconds?

    /// A session of the shard for a connection that was admitted with `role`.
    package init(
        shard: HubShard,
        tasks: any TaskCommands,
        role: Role,
        compression: PerMessageDeflate.Agreed?
    ) {
        self.shard = shard
        hub = shard.hub
        self.tasks = tasks
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
        subscriber.open(link)
        shard.join(self)
        record.address = link.address
        subscriber.send(.welcome(record, hub: hub))
        link.flush()
        hasJoined = true
        hub.journal.publish(.clientJoined(record))
    }

    package func received(_ bytes: UnsafeMutableRawBufferPointer) {
        lastHeard = shard.loop.now
        pingedAt = nil
        var consumer = self
        var output = outbox
        connection.receive(bytes, consumer: &consumer, output: &output)
        writeOutput()
        process()
    }

    package func writable() {
        unreadControl = 0
        subscriber.drain()
        link?.flush()
        process()
    }

    package func inputClosed() {
        link?.close()
    }

    package func closed() {
        guard link != nil else { return }
        link = nil
        subscriber.close()
        shard.leave(self)
        inbox.removeAll()
        hub.release()
        if hasJoined { hub.journal.publish(.clientLeft(id: record.id)) }
    }

    package func tick(now: Milliseconds) {
        if let closingSince, now - closingSince >= Self.closeTimeout { return link?.close() ?? () }
        if isThrottled { process() }
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

    /// Begins the closing handshake; nothing is sent after the close frame.
    func close(_ code: CloseCode, _ reason: String) {
        guard connection.state == .open else { return }
        var output = outbox
        connection.close(code, reason: reason, output: &output)
        closingSince = shard.loop.now
        writeOutput()
        subscriber.close()
    }

    private func writeOutput() {
        guard let link else { return }
        let isWritable = link.isWritable
        let count = outbox.flush(to: link)
        if !isWritable { unreadControl += count }
    }

    // MARK: - Messages

    /// Does what the waiting messages ask for, until one must wait.
    func process() {
        while !isBusy, connection.state == .open, !inbox.isEmpty {
            guard limiter.take(shard.loop.now) else {
                noteRate()
                break
            }
            isThrottled = false
            guard let next = inbox.popFirst() else { break }
            switch next {
            case .message(let message, let type, let id): perform(message, type: type, id: id)
            case .failure(let error, let id): refuse(error, id: id)
            }
        }
        link?.flush()
        if connection.shouldCloseTransport { link?.close() }
        link?.isReading =
            inbox.count < Self.inboxLimit && unreadControl + subscriber.unreadAnswers < Self.unreadLimit
    }

    private func noteRate() {
        isThrottled = true
        let now = shard.loop.now
        guard rateNoticeAt.map({ now - $0 >= 10_000 }) ?? true else { return }
        rateNoticeAt = now
        subscriber.send(ProtocolError(.rateLimited, "too many messages a second; they are read slower").answer(id: nil))
    }

    /// Answers with an error; too many of them close the connection.
    func refuse(_ error: ProtocolError, id: JSON?) {
        subscriber.send(error.answer(id: id))
        if !errors.spend(shard.loop.now) { close(.policyViolation, "too many errors") }
    }

    /// Lets a worker send results of up to 17 MiB.
    func raiseMessageLimit() {
        connection.setMessageLimit(
            soft: max(HubConfiguration.workerMessage, hub.configuration.maxMessage),
            hard: max(HubConfiguration.hardMessage, hub.configuration.maxMessage)
        )
    }

    private func take(_ payload: UnsafeRawBufferPointer) -> Incoming {
        var id: JSON?
        do throws(JSONError) {
            let json = try JSONParser.parse(payload, depth: HubConfiguration.depth)
            do throws(ProtocolError) {
                let reader = try MessageReader(json)
                id = try reader.id()
                let type = try reader.text("type", 0...1024)
                return .message(try ClientMessage(type: type, reader), type: type, id: id)
            } catch {
                return .failure(error, id: id)
            }
        } catch {
            switch error {
            case .tooDeep:
                return .failure(ProtocolError(.tooDeep, "deeper than \(HubConfiguration.depth)"), id: nil)
            case .syntax(let offset):
                return .failure(ProtocolError(.badJSON, "not JSON at byte \(offset)"), id: nil)
            }
        }
    }
}

extension NativeSession: WebSocketConsumer {
    package func message(_ opcode: Opcode, _ payload: UnsafeRawBufferPointer, isASCII: Bool) {
        hub.statistics.noteReceived(1)
        inbox.append(take(payload))
    }

    package func oversizedMessage(_ opcode: Opcode, byteCount: Int) {
        hub.statistics.noteReceived(1)
        let text = "a message of \(byteCount) bytes; the limit is \(connection.limits.message)"
        inbox.append(.failure(ProtocolError(.tooLarge, text), id: nil))
    }

    package func ping(_ payload: UnsafeRawBufferPointer) {}

    package func pong(_ payload: UnsafeRawBufferPointer) {}

    package func closed(_ code: CloseCode?, _ reason: String, by initiator: CloseInitiator) {
        inbox.removeAll()
        closingSince = closingSince ?? shard.loop.now
        subscriber.close()
    }
}
