package import Domain

/// The Socket.IO side of one Engine.IO connection, without I/O: which namespaces it is in, and what its packets mean.
///
/// Verbs take what the client sent or what time it is and return what is to be done, in this order
/// (contracts/socketio.md §3). After ``Action/fail(_:)`` the connection is closed, and ``close(isClean:)`` tells of the
/// namespaces it was in. Protocol 4 is spoken with Engine.IO 3, protocol 5 with Engine.IO 4.
package struct SocketIOConnection {
    /// What a server answers to a CONNECT for a namespace that there is not.
    static let invalidNamespace = "Invalid namespace"
    /// Something to be done.
    package enum Action: Hashable, Sendable {
        case send(SocketIOPacket)
        /// The client is in the namespace from now on; `auth` is what it said of itself.
        case joined(namespace: String, sid: String, auth: JSON?)
        case event(namespace: String, name: String, SocketIOArguments, id: Int?)
        /// The client acknowledges an event that was sent with `id`, or so it says.
        case acknowledged(namespace: String, id: Int, SocketIOArguments)
        /// The client is no longer in the namespace; comes exactly once for each ``joined(namespace:sid:auth:)``.
        ///
        /// `isClean`: by word, not because its connection was lost.
        case left(namespace: String, sid: String, isClean: Bool)
        /// The client broke a rule: the connection is to be closed.
        case fail(SocketIOFailure)
    }

    private let version: EngineIOVersion
    private let engineID: String
    private let namespaces: Set<String>
    private let makeID: () -> String
    private var decoder: SocketIODecoder
    /// The client's id in each namespace that it is in.
    private var sids: [String: String] = [:]
    /// The namespaces that the server ended; the client may not know yet.
    private var ended: Set<String> = []
    private var connectBy: Milliseconds?
    private var isClosed = false

    /// A connection whose Engine.IO id is `engineID`, opened at `now`.
    ///
    /// `namespaces` are those that clients may enter; in protocol 5 they must enter one within `connectTimeout`.
    /// `makeID` makes the ids of protocol 5, one for each namespace that is entered.
    package init(
        version: EngineIOVersion,
        engineID: String,
        namespaces: Set<String>,
        maxAttachments: Int = SocketIODecoder.attachmentsLimit,
        connectTimeout: Milliseconds,
        now: Milliseconds,
        makeID: @escaping () -> String = Identifier.make
    ) {
        self.version = version
        self.engineID = engineID
        self.namespaces = namespaces
        self.makeID = makeID
        decoder = SocketIODecoder(maxAttachments: maxAttachments)
        if version == .v4 { connectBy = now + connectTimeout }
    }

    /// Whether the client is in the namespace.
    package func isIn(_ namespace: String) -> Bool { sids[namespace] != nil }

    /// The client's id in the namespace; `nil` while it is not in it.
    package func sid(in namespace: String) -> String? { sids[namespace] }

    // MARK: - What the client does

    /// The Engine.IO connection stands: in protocol 4 the client is in `/` without asking.
    package mutating func open() -> [Action] {
        version == .v3 ? join(SocketIOPacket.mainNamespace, auth: nil) : []
    }

    /// Takes a text message.
    package mutating func receive(text: String) -> [Action] {
        guard !isClosed else { return [] }
        do throws(SocketIOFailure) {
            guard let packet = try decoder.receive(text: text) else { return [] }
            return try take(packet)
        } catch {
            return fail(error)
        }
    }

    /// Takes a binary message.
    package mutating func receive(binary: [UInt8]) -> [Action] {
        guard !isClosed else { return [] }
        do throws(SocketIOFailure) {
            guard let packet = try decoder.receive(binary: binary) else { return [] }
            return try take(packet)
        } catch {
            return fail(error)
        }
    }

    /// Lets time pass.
    package mutating func tick(now: Milliseconds) -> [Action] {
        guard !isClosed, let connectBy, now >= connectBy else { return [] }
        return fail(.connectTimeout)
    }

    /// The Engine.IO connection has ended, by word or not: the client leaves every namespace that it is in.
    package mutating func close(isClean: Bool) -> [Action] {
        isClosed = true
        connectBy = nil
        return sids.keys.sorted().flatMap { leave($0, isClean: isClean) }
    }

    private mutating func fail(_ failure: SocketIOFailure) -> [Action] {
        isClosed = true
        return [.fail(failure)]
    }

    private mutating func take(_ packet: SocketIOPacket) throws(SocketIOFailure) -> [Action] {
        let namespace = packet.namespace
        if case .connect(let auth) = packet.body { return try connect(namespace, auth: auth) }
        guard isIn(namespace) else {
            guard ended.contains(namespace) else { throw .notJoined }
            return []
        }
        switch packet.body {
        case .connect, .refusal: return []
        case .disconnect: return leave(namespace, isClean: true)
        case .event(let name, let arguments, let id):
            return [.event(namespace: namespace, name: name, arguments, id: id)]
        case .acknowledgement(let id, let arguments):
            return [.acknowledged(namespace: namespace, id: id, arguments)]
        }
    }

    private mutating func connect(_ namespace: String, auth: JSON?) throws(SocketIOFailure) -> [Action] {
        guard !isIn(namespace) else {
            // A client of protocol 4 is in it unasked, and some ask all the same.
            if version == .v3, namespace == SocketIOPacket.mainNamespace { return [] }
            throw .joinedAlready
        }
        guard namespaces.contains(namespace) else {
            let reason = JSON.string(Self.invalidNamespace)
            let refusal = SocketIOPacket.Body.refusal(version == .v3 ? reason : ["message": reason])
            return [.send(SocketIOPacket(refusal, namespace: namespace))]
        }
        return join(namespace, auth: auth)
    }

    private mutating func join(_ namespace: String, auth: JSON?) -> [Action] {
        let sid: String
        let answer: JSON?
        switch version {
        case .v3:
            sid = namespace == SocketIOPacket.mainNamespace ? engineID : "\(namespace)#\(engineID)"
            answer = nil
        case .v4:
            sid = makeID()
            answer = ["sid": .string(sid)]
        }
        connectBy = nil
        ended.remove(namespace)
        sids[namespace] = sid
        return [
            .send(SocketIOPacket(.connect(answer), namespace: namespace)),
            .joined(namespace: namespace, sid: sid, auth: auth),
        ]
    }

    private mutating func leave(_ namespace: String, isClean: Bool) -> [Action] {
        guard let sid = sids.removeValue(forKey: namespace) else { return [] }
        return [.left(namespace: namespace, sid: sid, isClean: isClean)]
    }

    // MARK: - What the server does

    /// Ends the client's stay in the namespace and tells it so; nothing when it is not in it, or has broken a rule.
    package mutating func disconnect(_ namespace: String) -> [Action] {
        guard !isClosed, isIn(namespace) else { return [] }
        ended.insert(namespace)
        return [.send(SocketIOPacket(.disconnect, namespace: namespace))] + leave(namespace, isClean: true)
    }
}
