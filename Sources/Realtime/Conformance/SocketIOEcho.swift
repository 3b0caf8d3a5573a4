package import Domain

/// What the Socket.IO conformance suites expect of a server (contracts/socketio.md §4).
package final class SocketIOEcho: SocketIOBehaviour {
    package let namespaces: Set<String> = [SocketIOPacket.mainNamespace, "/custom"]
    /// The namespaces whose `auth` has not been sent.
    private var waiting: [(namespace: String, auth: JSON)] = []

    /// The behaviour towards one connection.
    package init() {}

    /// Notes what to send: some suites listen for `auth` only once they have seen the answer to CONNECT, and would
    /// miss it when both came in one piece.
    package func joined(_ namespace: String, sid: String, auth: JSON?, in session: SocketIOSession) {
        waiting.append((namespace, auth ?? [:]))
    }

    package func tick(in session: SocketIOSession) {
        guard !waiting.isEmpty else { return }
        for (namespace, auth) in waiting { session.emit("auth", SocketIOArguments([auth]), in: namespace) }
        waiting = []
    }

    package func received(_ event: SocketIOEvent, in session: SocketIOSession) {
        tick(in: session)
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
