package import Domain
import OrderedCollections

/// Which other servers of ours are on the message queue, and how far each is known, without I/O.
///
/// Verbs take what was heard or what time it is and return what is to be done. Only the own clock counts: a server
/// is away when nothing has been heard of it for ``Times/silence``. A number that is missing in the sequence of
/// a sender's messages, or an event for clients that has not come, makes all that is known of it doubtful: then its state is asked for, and its changes are
/// passed over until the state has come.
package struct Cluster {
    /// How long things may take, in milliseconds.
    package struct Times: Sendable {
        /// How often a server says that it is alive.
        package var beat: Milliseconds = 5_000
        /// The silence after which a server counts as away.
        package var silence: Milliseconds = 15_000
        /// How long to wait before a state is asked for again.
        package var askAgain: Milliseconds = 2_000
        /// The shortest time between two tellings of the own state.
        package var state: Milliseconds = 1_000

        package init() {}
    }

    /// The process of another server.
    package struct Peer: Hashable, Sendable {
        /// The server's name.
        package let server: String
        /// The process's own name, new at each start.
        package let host: String
    }

    /// Something to be done.
    package enum Action: Hashable, Sendable {
        case send(ClusterMessage.Body)
        /// Tell the own state, all parts at once.
        case sendState
        /// A server has come, or has come back.
        case arrived(Peer)
        /// Put the changes on the boards.
        case apply([ClusterChange], Peer)
        /// Make the boards say of the server what its state says, and nothing else.
        case replace(ClusterState, Peer)
        /// The process has ended and another of the same server has taken its place.
        case ended(Peer)
        /// The server is away.
        case left(Peer, isClean: Bool)
        /// Cancel a task of the own server.
        case cancel(task: String)
        /// Another process goes by the own server's name, so its messages cannot be used.
        case sameName(host: String)
    }

    /// What is known of one other process.
    private struct Known {
        let peer: Peer
        var lastHeard: Milliseconds
        /// The number of its last message.
        var number: Int
        /// How many events for clients it has sent, as far as is known.
        var emits: Int
        /// Whether the boards say what it says.
        var isCurrent = false
        /// The parts of its state that have come.
        var parts: ClusterState?
        var nextPart = 0
        var askedAt: Milliseconds?

        /// Something has been missed.
        mutating func doubt() {
            isCurrent = false
            parts = nil
        }
    }

    /// How many other processes are listened to.
    private static let hostsLimit = 1_000

    /// The own process.
    package let own: Peer
    private let times: Times
    private var known: OrderedDictionary<String, Known> = [:]
    private var number = 0
    private var emits = 0
    private var isConnected = false
    private var lastBeat = 0
    private var lastState: Milliseconds?
    private var isStateWanted = false
    private var namesakes: Set<String> = []

    /// Nobody known, not connected.
    package init(server: String, host: String, times: Times = Times()) {
        own = Peer(server: server, host: host)
        self.times = times
    }

    /// The servers that are there besides this one, by name.
    package var servers: [String] { known.values.map(\.peer.server).sorted() }

    /// Whether a server of this name is there.
    package func isThere(_ server: String) -> Bool { known.values.contains { $0.peer.server == server } }

    /// The body as a message of this process.
    package mutating func message(_ body: ClusterMessage.Body) -> ClusterMessage {
        if body != .beat { number += 1 }
        return ClusterMessage(body, server: own.server, number: number, emits: emits)
    }

    /// An event for clients is put on the queue.
    package mutating func noteEmit() {
        emits += 1
    }

    /// An event for clients has come from the process `host`.
    package mutating func noteEmit(from host: String) {
        known[host]?.emits += 1
    }

    // MARK: - The queue

    /// The queue is there (again): what was said meanwhile is lost.
    package mutating func connected(now: Milliseconds) -> [Action] {
        isConnected = true
        lastBeat = now
        lastState = now
        isStateWanted = false
        return [.send(.hello), .sendState]
    }

    /// The queue is away; the others will be missed in time.
    package mutating func disconnected() {
        isConnected = false
    }

    /// Lets time pass.
    package mutating func tick(now: Milliseconds) -> [Action] {
        var actions: [Action] = []
        for (host, other) in known where now - other.lastHeard >= times.silence {
            known[host] = nil
            actions.append(.left(other.peer, isClean: false))
        }
        guard isConnected else { return actions }
        for host in known.keys { actions += ask(host, now) }
        actions += tellState(now)
        if now - lastBeat >= times.beat {
            lastBeat = now
            actions.append(.send(.beat))
        }
        return actions
    }

    /// Tells the state when it is wanted and has not just been told.
    private mutating func tellState(_ now: Milliseconds) -> [Action] {
        guard isConnected, isStateWanted, lastState.map({ now - $0 >= times.state }) ?? true else { return [] }
        isStateWanted = false
        lastState = now
        return [.sendState]
    }

    private mutating func ask(_ host: String, _ now: Milliseconds) -> [Action] {
        guard let other = known[host], !other.isCurrent, other.parts == nil,
            other.askedAt.map({ now - $0 >= times.askAgain }) ?? true
        else { return [] }
        known[host]?.askedAt = now
        return [.send(.ask(host: host))]
    }

    // MARK: - The others

    /// Takes a message of the process `host`.
    package mutating func receive(_ message: ClusterMessage, from host: String, now: Milliseconds) -> [Action] {
        guard host != own.host else { return [] }
        guard message.server != own.server else {
            return namesakes.count < Self.hostsLimit && namesakes.insert(host).inserted ? [.sameName(host: host)] : []
        }
        var actions = meet(Peer(server: message.server, host: host), message, now)
        guard var other = known[host], other.peer.server == message.server else { return actions }
        other.lastHeard = now
        switch message.body {
        case .beat:
            if message.number > other.number { other.doubt() }
        default:
            // Told before; the queue keeps the order of a sender.
            guard message.number > other.number else { return actions }
            if message.number != other.number + 1 { other.doubt() }
        }
        if message.emits != other.emits { other.doubt() }
        other.emits = message.emits
        other.number = max(other.number, message.number)
        known[host] = other
        actions += take(message.body, other, now)
        return actions + ask(host, now)
    }

    /// Notes a process that is heard for the first time.
    private mutating func meet(_ peer: Peer, _ message: ClusterMessage, _ now: Milliseconds) -> [Action] {
        guard known[peer.host] == nil, known.count < Self.hostsLimit, message.body != .bye else { return [] }
        var actions: [Action] = []
        for (host, other) in known where other.peer.server == peer.server {
            known[host] = nil
            actions.append(.ended(other.peer))
        }
        known[peer.host] = Known(
            peer: peer,
            lastHeard: now,
            number: message.body == .beat ? message.number : message.number - 1,
            emits: message.emits
        )
        return actions + [.arrived(peer)]
    }

    private mutating func take(_ body: ClusterMessage.Body, _ other: Known, _ now: Milliseconds) -> [Action] {
        let peer = other.peer
        switch body {
        case .beat: return []
        case .hello:
            // Its own state follows by itself.
            known[peer.host]?.askedAt = now
            isStateWanted = true
            return tellState(now)
        case .ask(let host):
            guard host == own.host else { return [] }
            isStateWanted = true
            return tellState(now)
        case .bye:
            known[peer.host] = nil
            return [.left(peer, isClean: true)]
        case .cancel(let task, let server): return server == own.server ? [.cancel(task: task)] : []
        case .changes(let changes): return other.isCurrent ? [.apply(changes, peer)] : []
        case .state(let part): return take(part, other)
        }
    }

    private mutating func take(_ part: ClusterMessage.StatePart, _ other: Known) -> [Action] {
        var other = other
        if part.index == 0 {
            other.parts = ClusterState()
            other.nextPart = 0
        }
        guard var state = other.parts, part.index == other.nextPart, state.add(part) else {
            other.parts = nil
            known[other.peer.host] = other
            return []
        }
        other.nextPart += 1
        other.parts = part.isLast ? nil : state
        if part.isLast {
            other.isCurrent = true
            other.askedAt = nil
        }
        known[other.peer.host] = other
        return part.isLast ? [.replace(state, other.peer)] : []
    }
}
