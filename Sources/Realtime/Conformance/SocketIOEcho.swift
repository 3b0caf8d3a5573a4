package import Domain

/// What the Socket.IO conformance suites expect of a server (contracts/socketio.md §4).
package final class SocketIOEcho: SocketIOBehaviour {
    package let namespaces: Set<String> = [SocketIOPacket.mainNamespace, "/custom"]

    /// The behaviour towards one connection.
    package init() {}

    package func joined(_ namespace: String, sid: String, auth: JSON?, in session: SocketIOSession) {
        session.emit("auth", SocketIOArguments([auth ?? [:]]), in: namespace)
    }

    package func received(_ event: SocketIOEvent, in session: SocketIOSession) {
        guard event.namespace == SocketIOPacket.mainNamespace else { return }
        switch event.name {
        case "message": session.emit("message-back", event.arguments, in: event.namespace)
        case "message-with-ack":
            if let id = event.id { session.acknowledge(id, event.arguments, in: event.namespace) }
        default: break
        }
    }

    package func left(_ namespace: String, isClean: Bool, in session: SocketIOSession) {}

    package func changed(in session: SocketIOSession) {}

    package func isKnown(as id: String) -> Bool { false }
}
