package import Domain

/// A session that a single message can be addressed to.
protocol Addressable: Session {
    /// The id under which its client is listed.
    var clientID: String { get }

    /// Sends a message behind all that waits for the client.
    func send(_ message: ServerMessage)
}

extension Hub: ClientMessenger {
    /// Sends `client.event` with the event `task` to one client (contracts/vframe.md §3, `socket/event`).
    package func send(event: JSON, toClient id: String) -> Bool {
        guard journal.read({ $0.clients.client(id) }) != nil else { return false }
        let message = ServerMessage("client.event") {
            $0.field("event", "task")
            $0.field("data", event)
        }
        for shard in shards {
            shard.loop.execute {
                for (session, _) in shard.sessions.values {
                    if let session = session as? any Addressable, session.clientID == id { session.send(message) }
                }
            }
        }
        return true
    }
}

extension NativeSession: Addressable {
    var clientID: String { record.id }

    func send(_ message: ServerMessage) {
        subscriber.send(message)
        link?.flush()
    }
}
