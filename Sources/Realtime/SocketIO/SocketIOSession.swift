import DequeModule
package import Domain

/// One client of Socket.IO, on top of its Engine.IO session (contracts/socketio.md §3, §6).
///
/// Confined to its shard's loop. What the client says is done in the order of its messages; while one waits for the
/// store, or its answers are not read, the later ones wait behind it.
package final class SocketIOSession: HubClient {
    let shard: HubShard
    let hub: Hub
    let tasks: any FinishedTasks
    let subscriber: Subscriber
    let behaviour: any SocketIOBehaviour
    let version: EngineIOVersion
    let role: Role
    /// The peer's IP address.
    let address: String
    private(set) var engine: EngineSession?
    var connection: SocketIOConnection
    /// The rooms that the client has joined, in this order.
    var rooms: [SocketIORoom] = []
    /// The rooms of which it is the only member: those with its ids.
    var ownRooms: [Topic] = []
    var acknowledgements = SocketIOAcknowledgements()
    var inbox = Inbox<SocketIOIncoming>()
    var limiter: RateLimiter
    var isThrottled = false
    /// Whether a message waits for something outside the loop.
    var isBusy = false
    /// Whether messages are being done at this moment.
    var isAdvancing = false
    private var actions: Deque<SocketIOConnection.Action> = []
    private var isPerforming = false
    /// Whether the server ended the connection after the client had asked for it.
    private var hasSaidGoodbye = false

    /// A session for an Engine.IO connection that stands.
    package init(
        _ engine: EngineSession,
        tasks: any FinishedTasks,
        configuration: SocketIOConfiguration,
        behaviour: any SocketIOBehaviour
    ) {
        self.engine = engine
        version = engine.version
        role = engine.role
        address = engine.address
        shard = engine.shard
        hub = engine.shard.hub
        self.tasks = tasks
        self.behaviour = behaviour
        let now = shard.loop.now
        limiter = RateLimiter(perSecond: hub.configuration.messageRate, now: now)
        subscriber = Subscriber(shard: shard, format: engine.format, configuration: hub.configuration)
        connection = SocketIOConnection(
            version: engine.version,
            engineID: engine.id,
            namespaces: behaviour.namespaces,
            maxAttachments: configuration.maxAttachments,
            connectTimeout: configuration.connectTimeout,
            now: now
        )
    }
}

extension SocketIOSession: EngineApplication {
    package func opened(_ session: EngineSession) {
        subscriber.open(session.link, for: self)
        shard.join(self)
        perform(connection.open())
        session.link.flush()
        if hub.isStopping { shutDown() }
    }

    package func received(text: String) {
        receive(.text(text))
    }

    package func received(binary: [UInt8]) {
        receive(.binary(binary))
    }

    package func writable() {
        guard !shard.isDraining else { return shard.postpone(self) }
        subscriber.drain()
        process()
    }

    package func formatChanged() {
        guard let engine else { return }
        let version = engine.version
        subscriber.change(to: engine.format) { MessageEncoder.recode(polling: $0, to: version) }
        subscriber.open(engine.link, for: self)
        behaviour.changed(in: self)
        writable()
    }

    package func tick(now: Milliseconds) {
        perform(connection.tick(now: now))
        guard engine != nil else { return }
        behaviour.tick(in: self)
        if isThrottled { process() } else { engine?.link.flush() }
    }

    package func shutDown() {
        engine?.close()
    }

    package func abandon() {
        engine?.abort()
    }

    package func closed(_ reason: EngineIOCloseReason) {
        guard engine != nil else { return }
        engine = nil
        subscriber.close()
        shard.leave(self)
        // What it said before it went still counts.
        isBusy = false
        while let incoming = inbox.popFirst() { take(incoming) }
        perform(connection.close(isClean: hasSaidGoodbye || reason == .clientClosed))
    }
}

extension SocketIOSession: Addressable {
    func isKnown(as id: String) -> Bool {
        behaviour.isKnown(as: id) || connection.sid(in: SocketIOPacket.mainNamespace) == id
    }

    func send(event: String, _ arguments: [JSON]) {
        emit(event, SocketIOArguments(arguments))
        engine?.link.flush()
    }
}

extension SocketIOSession {
    /// How it is connected at this moment.
    var transport: ClientRecord.Transport { subscriber.format == .engineIOPolling ? .polling : .websocket }

    /// Does what follows from a packet, or from time; what that leads to comes after it.
    func perform(_ actions: [SocketIOConnection.Action]) {
        self.actions.append(contentsOf: actions)
        guard !isPerforming else { return }
        isPerforming = true
        defer { isPerforming = false }
        repeat {
            while let action = self.actions.popFirst() { perform(action) }
            if hasSaidGoodbye, let engine {
                subscriber.hurry()
                engine.close()
            }
        } while !self.actions.isEmpty
    }

    private func perform(_ action: SocketIOConnection.Action) {
        switch action {
        case .send(let packet): send(packet)
        case .joined(let namespace, let sid, let auth):
            enterOwnRooms(namespace, sid: sid)
            behaviour.joined(namespace, sid: sid, auth: auth, in: self)
        case .event(let namespace, let name, let arguments, let id):
            let event = SocketIOEvent(namespace: namespace, name: name, arguments: arguments, id: id)
            behaviour.received(event, in: self)
        case .acknowledged(let namespace, let id, let arguments):
            acknowledgements.take(id, in: namespace)?(arguments)
        case .left(let namespace, sid: _, let isClean):
            leaveRooms(of: namespace)
            acknowledgements.forget(namespace)
            behaviour.left(namespace, isClean: isClean, in: self)
        case .fail: engine?.close()
        }
    }

    /// Sends a packet behind all that waits; it leaves at the next flush.
    func send(_ packet: SocketIOPacket) {
        subscriber.send(encoded: SocketIOEncoder.bytes(packet, format: subscriber.format))
    }

    /// Ends the client's stay in the namespace and tells it so.
    package func disconnect(_ namespace: String) {
        perform(connection.disconnect(namespace))
    }

    /// Ends the connection as the client asked for, after all that it has been sent: what it was doing has ended as it
    /// should.
    package func sayGoodbye() {
        hasSaidGoodbye = true
        perform([])
    }
}
