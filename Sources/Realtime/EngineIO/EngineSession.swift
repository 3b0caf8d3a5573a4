package import Domain

/// One Engine.IO client, by whichever transport it comes and on whatever loops its connections are
/// (contracts/socketio.md §2).
///
/// Its home is the loop of the connection that shook hands; everything about it happens there.
/// `@unchecked Sendable`: every stored property that changes is touched on the loop of `shard` only.
package final class EngineSession: ShardMember, @unchecked Sendable {
    /// How far the session is in its life.
    enum State {
        case opening
        case open
        /// It is over, and a polling client may still come for the last packets.
        case closing(until: Milliseconds)
        case closed
    }

    /// How long a client may take to fetch the last packets when the server stops, in milliseconds.
    static let farewellTime: Milliseconds = 1_000
    /// How long a client that closes by polling may take to poll, in milliseconds: its two requests travel apart.
    static let leaveTime: Milliseconds = 100

    /// The bytes of answers to pings that may wait for a client.
    static let pongLimit = 64 * 1024

    /// The session's id, which nobody can guess.
    package let id: String
    /// The shard on whose loop everything happens.
    package let shard: HubShard
    /// The protocol that the client speaks.
    package let version: EngineIOVersion
    /// What the client's token allows.
    package let role: Role
    /// The client's IP address when it shook hands.
    package let address: String
    /// The target of the request that shook hands, with the application's own query parameters.
    package let target: RequestTarget

    let configuration: EngineIOConfiguration
    /// Whether the client takes binary polling bodies, as it said when it shook hands.
    let takesBinary: Bool
    private let directory: EngineDirectory
    private let makeApplication: @Sendable (EngineSession) -> any EngineApplication
    private(set) var application: (any EngineApplication)?
    private var slot: ConnectionSlot?
    private(set) var state = State.opening
    var heartbeat: Heartbeat
    /// What waits for the next poll.
    var queue = PollingQueue()
    /// The poll that waits for packets.
    var poll: EngineExchange?
    /// The body that is being received, or whose answer is held back.
    var post: EngineExchange?
    /// Whether the packets of ``post`` have been taken.
    var isPostTaken = false
    /// The WebSocket over which packets go; `nil` while they go by polling.
    var socket: (any EngineWebSocket)?
    /// The WebSocket to which the client is about to change.
    var probe: Probe?
    /// What is held back at the beginning, see ``EngineIOConfiguration/handshakeDelay``.
    var heldBack: (writes: [Bytes], until: Milliseconds)?
    var mayRead = true
    /// The bytes of answers to pings that were written while the client took nothing.
    private var untakenPongs = 0
    /// Whether the client has said that it leaves; its post is answered when it is gone.
    private(set) var isLeaving = false

    /// A session for the `request` that shakes hands; ``open(answering:)`` or ``open(on:)`` begins it.
    init(
        id: String = EngineDirectory.makeID(),
        shard: HubShard,
        request: EngineIORequest,
        role: Role,
        address: String,
        target: RequestTarget,
        configuration: EngineIOConfiguration,
        directory: EngineDirectory,
        slot: ConnectionSlot,
        application: @escaping @Sendable (EngineSession) -> any EngineApplication
    ) {
        self.id = id
        self.shard = shard
        version = request.version
        takesBinary = request.takesBinary
        self.role = role
        self.address = address
        self.target = target
        self.configuration = configuration
        self.directory = directory
        self.slot = slot
        makeApplication = application
        heartbeat = Heartbeat(
            version: version,
            interval: configuration.pingInterval,
            timeout: configuration.pingTimeout,
            now: shard.loop.now
        )
    }

    // MARK: - For the application

    /// The form of the bytes that ``link`` takes: polling packets or WebSocket frames.
    package var format: WireFormat { socket == nil ? .engineIOPolling : .engineIOWebSocket(version) }

    /// The way to the client; the same object for as long as the session lives.
    ///
    /// It stops being writable when a poll's answer is full or the WebSocket is; what is written all the same waits.
    package var link: any Link { self }

    /// Sends a text message.
    package func send(text: String) {
        send(.message(text))
    }

    /// Sends a binary message.
    package func send(binary: [UInt8]) {
        send(.binary(binary))
    }

    /// Ends the session once what was written has left.
    package func close() {
        guard case .open = state else { return }
        guard socket == nil else { return end(.serverClosed) }
        queue.append(.close)
        linger(configuration.pingInterval + configuration.pingTimeout, .serverClosed)
        settlePost()
        flush()
    }

    /// Ends the session at once.
    package func abort() {
        probe?.socket.abort()
        socket?.abort()
        end(.serverClosed)
    }

    // MARK: - Beginning and end

    /// Begins the session on polling: the handshake and what the application says at once are the answer.
    func open(answering exchange: EngineExchange) {
        begin(upgrades: [EngineIORequest.Transport.webSocket.rawValue])
        serve(exchange)
        if isOpen { application?.writable() }
    }

    /// Begins the session on a WebSocket.
    func open(on socket: any EngineWebSocket) {
        carry(on: socket)
        let delay = configuration.handshakeDelay
        if delay > 0 { heldBack = ([], shard.loop.now + delay) }
        begin(upgrades: [])
        flush()
    }

    private func begin(upgrades: [String]) {
        shard.join(self)
        directory.insert(self)
        state = .open
        send(.open(configuration.handshake(sid: id, upgrades: upgrades)))
        let application = makeApplication(self)
        self.application = application
        application.opened(self)
        if shard.hub.isStopping { shutDown() }
    }

    var isOpen: Bool { if case .open = state { true } else { false } }

    /// Ends the session; a poll that waits is answered with `lastWord`.
    func end(_ reason: EngineIOCloseReason, lastWord: EngineIOPacket = .close) {
        if case .closed = state { return }
        state = .closed
        poll?.answer(lastWord, from: shard)
        poll = nil
        settlePost()
        probe?.socket.close()
        probe = nil
        if let heldBack { release(heldBack.writes) }
        socket?.flush()
        socket?.close()
        queue.removeAll()
        directory.remove(self)
        shard.leave(self)
        slot = nil
        leaveApplication(reason)
    }

    /// The client has said that it leaves; a poll that waits, or comes in a moment, is answered with a noop.
    private func leave() {
        guard socket == nil, poll == nil else { return end(.clientClosed, lastWord: .noop) }
        queue.removeAll()
        queue.append(.noop)
        isLeaving = true
        linger(Self.leaveTime, .clientClosed)
    }

    /// Ends everything but the answer to the next poll.
    private func linger(_ patience: Milliseconds, _ reason: EngineIOCloseReason) {
        probe?.socket.close()
        probe = nil
        state = .closing(until: shard.loop.now + patience)
        leaveApplication(reason)
    }

    private func leaveApplication(_ reason: EngineIOCloseReason) {
        let application = self.application
        self.application = nil
        application?.closed(reason)
    }

    /// Answers a post whose packets have been taken.
    func settlePost() {
        guard isPostTaken else { return }
        post?.answerDone(from: shard)
        post = nil
        isPostTaken = false
    }

    // MARK: - Packets

    /// Sends a packet of our own; it leaves at the next flush.
    func send(_ packet: EngineIOPacket) {
        if socket == nil { queue.append(packet) } else { write(packet.frame(version)) }
    }

    /// Goes on over a WebSocket, which from now on counts as the session's connection until it is closed.
    func carry(on socket: any EngineWebSocket) {
        self.socket = socket
        if let slot { socket.hold(slot) }
        if !mayRead { socket.isReading = false }
    }

    /// Takes a packet from the transport in use; one that the client may not send ends the session.
    ///
    /// Returns whether the client may send it.
    @discardableResult
    func received(_ packet: EngineIOPacket) -> Bool {
        guard isOpen else { return true }
        let now = shard.loop.now
        if version == .v3 { heartbeat.heard(now) }
        switch packet {
        case .message(let text):
            shard.hub.statistics.noteReceived(1)
            application?.received(text: text)
        case .binary(let data):
            shard.hub.statistics.noteReceived(1)
            application?.received(binary: data)
        case .ping(let data) where version == .v3:
            answer(ping: data)
        case .pong where version == .v4: heartbeat.heard(now)
        case .ping, .pong:
            end(.parseError)
            return false
        case .close: leave()
        case .open, .upgrade, .noop: break
        }
        return true
    }

    /// Answers a version 3 client's ping; one that pings on and on and takes no answers is cut off.
    private func answer(ping data: String) {
        untakenPongs = isWritable ? 0 : untakenPongs + data.utf8.count + 16
        guard untakenPongs <= Self.pongLimit else { return end(.transportError) }
        send(.pong(data))
        flush()
    }

    // MARK: - ShardMember

    /// The transport takes bytes again.
    package func writable() {
        guard isOpen, isWritable else { return }
        // It has taken something, by which alone it can show that it is alive.
        if !mayRead { heartbeat.heard(shard.loop.now) }
        application?.writable()
    }

    package func tick(now: Milliseconds) {
        beat(now)
        if case .closing(let until) = state, now >= until { end(.serverClosed) }
        guard isOpen else { return }
        if let heldBack, now >= heldBack.until { release(heldBack.writes) }
        tickProbe(now)
        application?.tick(now: now)
    }

    /// Pings, or ends the session, when it is time.
    func beat(_ now: Milliseconds) {
        guard isOpen else { return }
        // One that waits for us to read on can say nothing; one that is not read because it takes nothing can take.
        if !mayRead, isWritable { heartbeat.heard(now) }
        switch heartbeat.check(now) {
        case .none: break
        case .ping:
            send(.ping(""))
            flush()
        case .dead: end(.pingTimeout)
        }
    }

    package func shutDown() {
        application?.shutDown()
        close()
        if case .closing(let until) = state {
            state = .closing(until: min(until, shard.loop.now + Self.farewellTime))
        }
    }

    package func abandon() {
        abort()
    }
}
