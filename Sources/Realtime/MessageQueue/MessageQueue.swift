import DequeModule
package import Domain
package import Logging
import Synchronization

/// This server's place among the processes that share a message queue (contracts/socketio.md §7).
///
/// What others say on the queue goes through the journal like everything that happens here, marked with the process
/// it came from; what happens here, and only that, is said on the queue. While the queue is away the server goes on
/// alone, and afterwards the servers of ours tell one another their state anew.
///
/// `@unchecked Sendable`: every stored `var` is touched on `loop` only.
package final class MessageQueue: @unchecked Sendable {
    /// What it is set up with.
    package struct Configuration: Sendable {
        /// The channels of python-socketio and Flask-SocketIO, which are listened to by default.
        package static let channels = ["socketio", "flask-socketio"]
        /// The channel that is written to by default.
        package static let publishChannel = "socketio"

        /// The channels that are listened to.
        package var channels = Self.channels
        /// The channel that is written to.
        package var publishChannel = Self.publishChannel
        /// The server's name among its like; must outlive the process and be no other's.
        package var server: String
        /// The process's own name, 32 hexadecimal digits.
        package var host: String
        /// How long the servers may take for what.
        package var times = Cluster.Times()

        /// The settings of python-socketio and Flask-SocketIO, for a server of this name, in a new process.
        package init(server: String, host: String = Identifier.make().filter { $0 != "-" }) {
            self.server = server
            self.host = host
        }
    }

    /// How much may wait to be read, in bytes; past it messages are dropped, as a queue does that is away.
    private static let unreadLimit = 64 * 1024 * 1024
    /// How often time is looked at.
    private static let tick: Milliseconds = 100
    /// How often the log is told that messages were passed over.
    private static let noticeInterval: Milliseconds = 60_000

    let configuration: Configuration
    let hub: Hub
    let loop: any SessionLoop
    package let statistics = MessageQueueStatistics()
    let logger: Logger
    private let bus: any PublishSubscribe
    /// Has a task of this server cancelled.
    private let cancelTask: @Sendable (String) -> Void
    /// What has happened here and is to be said.
    private let happened: Mailbox<Journal.Entry>
    /// What others have said.
    private let heard: Mailbox<[UInt8]>
    private let unread = Atomic<Int>(0)
    /// How all events end that this process puts on the queue.
    private let ending: [UInt8]
    private let isListening = Atomic<Bool>(false)
    private var pending: Deque<Journal.Entry> = []
    private var waiting: Deque<[UInt8]> = []
    /// Whether what was heard waits until the clients' loops have done something.
    var isHeld = false
    private var cluster: Cluster
    private var isConnected = false
    private var lastNotice: Milliseconds?

    /// A place on the queue for what goes on in `hub`; nothing is said or heard before ``start()``.
    ///
    /// `loop` should be its own, since long messages are read on it. `cancelTask` is called when another server
    /// wants a task of this one cancelled.
    package init(
        configuration: Configuration,
        bus: any PublishSubscribe,
        hub: Hub,
        loop: any SessionLoop,
        cancelTask: @escaping @Sendable (String) -> Void,
        logger: Logger = Logger(label: "vitrine.queue")
    ) {
        self.configuration = configuration
        self.bus = bus
        self.hub = hub
        self.loop = loop
        self.cancelTask = cancelTask
        self.logger = logger
        ending = Array(#""host_id":"\#(configuration.host)"}"#.utf8)
        happened = Mailbox(loop: loop)
        heard = Mailbox(loop: loop)
        cluster = Cluster(server: configuration.server, host: configuration.host, times: configuration.times)
    }

    /// Begins to listen and to say what happens from now on; once.
    package func start() {
        hub.journal.listen { [self] entry in
            // What came from the queue never goes back to it.
            guard entry.origin == nil, isListening.load(ordering: .acquiring), entry.event.isShared else { return }
            happened.post(entry) { [self] in say(through: .max) }
        }
        loop.repeatEvery(Self.tick) { [weak self] in self?.pass() }
        bus.listen(
            configuration.channels,
            onMessage: { [self] _, message in receive(message) },
            onState: { [self] isConnected in loop.execute { [self] in change(isConnected: isConnected) } }
        )
    }

    /// Says goodbye; what happens after that is not said.
    package func stop() async {
        await withCheckedContinuation { continuation in
            loop.execute { [self] in
                sayGoodbye()
                continuation.resume()
            }
        }
    }

    private func sayGoodbye() {
        guard isConnected else { return }
        say(through: .max)
        send(.bye)
        isConnected = false
        isListening.store(false, ordering: .releasing)
    }

    // MARK: - Time and state

    private func change(isConnected now: Bool) {
        guard now != isConnected else { return }
        isConnected = now
        isListening.store(now, ordering: .releasing)
        statistics.note(connected: now)
        if now {
            perform(cluster.connected(now: loop.now))
        } else {
            _ = happened.takeAll()
            pending = []
            cluster.disconnected()
        }
    }

    private func pass() {
        perform(cluster.tick(now: loop.now))
    }

    // MARK: - Saying

    /// Says what has happened up to and including `offset`.
    private func say(through offset: Int) {
        pending.append(contentsOf: happened.takeAll())
        guard isConnected else { return pending.removeAll() }
        var changes = ClusterChanges()
        while let entry = pending.first, entry.offset <= offset {
            pending.removeFirst()
            for emit in entry.event.emits { send(emit) }
            let apart = { [hub] in hub.journal.read { $0.tasks.waitingApart } }
            if let change = ClusterChange(entry.event, apart: apart()) { changes.append(change) }
        }
        for changes in changes.messages { send(.changes(changes)) }
        if !pending.isEmpty { loop.execute { [self] in say(through: .max) } }
    }

    /// Tells the state, so that it fits between what was said before and what will be said after it.
    private func sendState() {
        let (offset, state) = hub.journal.read { ($0.offset, ClusterState($0)) }
        say(through: offset)
        for part in state.parts { send(.state(part)) }
    }

    func send(_ body: ClusterMessage.Body) {
        publish(cluster.message(body).encoded(from: configuration.host))
    }

    /// Sends an event to the clients of all processes but this one.
    func send(_ emit: QueueMessage.Emit) {
        guard isConnected else { return }
        cluster.noteEmit()
        publish(QueueMessage(.emit(emit), host: configuration.host).encoded)
    }

    func publish(_ message: [UInt8]) {
        guard isConnected else { return }
        guard message.count <= QueueMessage.sizeLimit else { return statistics.noteTooLarge() }
        bus.publish(channel: configuration.publishChannel, message)
        statistics.notePublished()
    }

    // MARK: - Hearing

    /// Takes a message from the queue's thread.
    private func receive(_ message: [UInt8]) {
        // The queue returns what we say ourselves; that need not be read to be passed over.
        guard !message.suffix(ending.count).elementsEqual(ending) else { return statistics.noteReceived() }
        guard unread.load(ordering: .relaxed) + message.count <= Self.unreadLimit else {
            return statistics.noteOverrun()
        }
        unread.add(message.count, ordering: .relaxed)
        heard.post(message) { [self] in read() }
    }

    private func read() {
        waiting.append(contentsOf: heard.takeAll())
        while !isHeld, let bytes = waiting.popFirst() {
            unread.subtract(bytes.count, ordering: .relaxed)
            do throws(QueueMessage.Failure) {
                let message = try QueueMessage(bytes)
                statistics.noteReceived()
                take(message)
            } catch {
                ignore(error)
            }
        }
    }

    /// Goes on after a message that the later ones had to wait for.
    func resume() {
        isHeld = false
        read()
    }

    private func ignore(_ failure: QueueMessage.Failure) {
        statistics.note(failure)
        let now = loop.now
        guard lastNotice.map({ now - $0 >= Self.noticeInterval }) ?? true else { return }
        lastNotice = now
        logger.warning(
            "a message on the queue cannot be read and is passed over",
            metadata: ["reason": "\(failure.rawValue)", "ignored_total": "\(statistics.ignoredCount)"]
        )
    }

    private func take(_ message: QueueMessage) {
        // Callbacks go to the process that asked; this one never asks.
        guard message.host != configuration.host else { return }
        if case .emit(let emit) = message.body, emit.namespace == ClusterMessage.namespace {
            guard let host = message.host, let word = ClusterMessage(emit) else { return ignore(.malformed) }
            perform(cluster.receive(word, from: host, now: loop.now))
        } else {
            if case .emit = message.body, let host = message.host { cluster.noteEmit(from: host) }
            perform(message)
        }
    }

    // MARK: - The other servers

    /// Asks the server of a task to cancel it; `false` when that server is away, or the queue is.
    package func cancel(_ task: String, at server: String) async -> Bool {
        await withCheckedContinuation { continuation in
            loop.execute { [self] in
                let isThere = isConnected && cluster.isThere(server)
                if isThere { send(.cancel(task: task, server: server)) }
                continuation.resume(returning: isThere)
            }
        }
    }

    private func perform(_ actions: [Cluster.Action]) {
        for action in actions { perform(action) }
    }

    private func perform(_ action: Cluster.Action) {
        switch action {
        case .send(let body): send(body)
        case .sendState: sendState()
        case .apply(let changes, let peer):
            for change in changes {
                hub.journal.publish(from: peer.host) { ClusterBoards.events(change, at: peer.server, $0) }
            }
        case .replace(let state, let peer): replace(state, peer)
        case .ended(let peer): hub.journal.publish(from: peer.host) { ClusterRelays.ends(of: peer, $0) }
        case .left(let peer, let isClean):
            let metadata: Logger.Metadata = ["server": "\(peer.server)"]
            if isClean {
                logger.info("another server has gone", metadata: metadata)
            } else {
                logger.warning("another server is away", metadata: metadata)
            }
            hub.journal.publish(from: peer.host) {
                ClusterRelays.ends(of: peer, $0) + ClusterBoards.interruptions(at: peer.server, $0)
                    + ClusterBoards.departures(from: peer.server, $0)
            }
        case .arrived(let peer): logger.info("another server is there", metadata: ["server": "\(peer.server)"])
        case .cancel(let task): cancelTask(task)
        case .sameName(let host):
            logger.warning(
                "another process on the queue has this server's name, so the two do not share what goes on",
                metadata: ["server": "\(configuration.server)", "host": "\(host)"]
            )
        }
        statistics.note(servers: cluster.servers.count)
    }

    private func replace(_ state: ClusterState, _ peer: Cluster.Peer) {
        let journal = hub.journal
        let now = hub.clock.now
        let clients = Set(state.clients.map(\.id))
        let tasks = Set(state.tasks.map(\.id))
        journal.publish(from: peer.host) {
            ClusterBoards.departures(from: peer.server, except: clients, $0)
                + ClusterBoards.losses(at: peer.server, except: tasks, isWhole: state.isWhole, now: now, $0)
        }
        for client in state.clients {
            journal.publish(from: peer.host) { ClusterBoards.events(.client(client), at: peer.server, $0) }
        }
        for task in state.tasks {
            journal.publish(from: peer.host) { ClusterBoards.events(.task(task, requeue: nil), at: peer.server, $0) }
        }
        journal.publish(from: peer.host) { ClusterRelays.events(state.relays, of: peer, $0) }
    }
}
