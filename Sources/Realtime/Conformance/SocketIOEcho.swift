package import Domain

/// What the Socket.IO conformance suites expect of a server (contracts/socketio.md §4).
package final class SocketIOEcho: SocketIOBehaviour {
    /// How far apart two frames are sent that a suite must not read in one piece, in milliseconds: it may be busy.
    package static let gap: Milliseconds = 20

    package let namespaces: Set<String> = [SocketIOPacket.mainNamespace, "/custom"]
    /// The namespaces whose `auth` has not been sent.
    private var waiting: [(namespace: String, auth: JSON, due: Milliseconds)] = []

    /// The behaviour towards one connection.
    package init() {}

    /// Notes what to send: some suites listen for `auth` only once they have seen the answer to CONNECT, and would
    /// miss it when both came in one piece.
    package func joined(_ namespace: String, sid: String, auth: JSON?, in session: SocketIOSession) {
        waiting.append((namespace, auth ?? [:], session.shard.loop.now + Self.gap))
    }

    package func tick(in session: SocketIOSession) {
        if !waiting.isEmpty { send(until: session.shard.loop.now, in: session) }
    }

    /// Sends each `auth` whose time has come at `now`.
    private func send(until now: Milliseconds, in session: SocketIOSession) {
        while let (namespace, auth, due) = waiting.first, due <= now {
            waiting.removeFirst()
            session.emit("auth", SocketIOArguments([auth]), in: namespace)
        }
    }

    package func received(_ event: SocketIOEvent, in session: SocketIOSession) {
        // Whoever sends already gets the `auth` before the answer.
        send(until: .max, in: session)
        guard event.namespace == SocketIOPacket.mainNamespace else { return }
        switch event.name {
        case "message": session.emit("message-back", event.arguments)
        case "message-with-ack":
            if let id = event.id { session.acknowledge(id, event.arguments, in: event.namespace) }
        default: break
        }
    }

    package func left(_ namespace: String, isClean: Bool, in session: SocketIOSession) {
        waiting.removeAll { $0.namespace == namespace }
    }
}
