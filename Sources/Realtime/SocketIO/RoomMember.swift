import Domain

/// A client of Socket.IO as other processes speak of it (contracts/socketio.md §7).
///
/// Confined to its shard's loop.
protocol RoomMember: ShardMember {
    /// Whether the client has this id in the namespace.
    func isKnown(as sid: String, in namespace: String) -> Bool

    /// Whether messages to the room reach the client.
    func isIn(_ room: String, of namespace: String) -> Bool

    /// Sends an event that the client is to acknowledge; `acknowledged` hears what it answers, if it does.
    func ask(
        _ event: String,
        _ arguments: [JSON],
        attachments: [[UInt8]],
        in namespace: String,
        acknowledged: @escaping ([JSON]) -> Void
    )

    /// Throws the client out of the namespace.
    func disconnect(_ namespace: String)

    /// Lets the client into a room.
    func enter(_ room: String, in namespace: String)

    /// Takes the client out of a room.
    func leave(_ room: String, in namespace: String)
}

extension Hub {
    /// Runs `body` with every client of Socket.IO, on its loop, behind all events that have been published.
    func forEachRoomMember(_ body: @escaping @Sendable (any RoomMember) -> Void) {
        for shard in shards {
            shard.loop.execute {
                shard.drain()
                for (member, _) in Array(shard.sessions.values) {
                    if let member = member as? any RoomMember { body(member) }
                }
            }
        }
    }
}
