package import Domain

/// A member that single messages can be addressed to.
protocol Addressable: ShardMember {
    /// Whether it is listed, or known in rooms, under this id.
    func isKnown(as id: String) -> Bool

    /// Sends an event behind all that waits for the client.
    func send(event: String, _ arguments: [JSON])
}

extension Hub: ClientMessenger {
    /// Sends the event `task` to one client (contracts/vframe.md §3, `socket/event`).
    package func send(event: JSON, toClient id: String) -> Bool {
        guard journal.read({ $0.clients.client(id) }) != nil else { return false }
        send(event: "task", [event], to: id)
        return true
    }

    /// Sends an event to whoever is known under `id`, behind all events published before it.
    package func send(event: String, _ arguments: [JSON], to id: String) {
        let offset = journal.read { $0.offset }
        for shard in shards {
            shard.loop.execute {
                shard.drain(through: offset)
                for (member, _) in Array(shard.sessions.values) {
                    guard let member = member as? any Addressable, member.isKnown(as: id) else { continue }
                    if let client = member as? any HubClient, client.subscriber.unreadAnswers >= Self.unreadLimit {
                        shard.noteSlow()
                        continue
                    }
                    member.send(event: event, arguments)
                }
            }
        }
    }
}

extension ServerMessage {
    /// An event for one client, in the words of the native protocol.
    static func clientEvent(_ event: String, _ arguments: [JSON]) -> ServerMessage {
        ServerMessage("client.event") {
            $0.field("event", event)
            $0.name("data")
            $0.value(arguments.count == 1 ? arguments[0] : .array(arguments))
        }
    }
}

extension NativeSession: Addressable {
    func isKnown(as id: String) -> Bool { record.id == id }

    func send(event: String, _ arguments: [JSON]) {
        subscriber.send(.clientEvent(event, arguments))
        link?.flush()
    }
}
