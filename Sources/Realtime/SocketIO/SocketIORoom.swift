import Domain

/// A room of a namespace as one client has joined it (contracts/socketio.md §6).
struct SocketIORoom: Hashable {
    let namespace: String
    let name: String
    /// What its members hear.
    let topics: [Topic]
    /// The topic whose state a client is told when it joins, and again after a loss; `nil`: none, messages only.
    let state: Topic?

    /// The room of this name for a client with `role`.
    ///
    /// In the namespace `/` those in `/client` follow all tasks, and a room with the name of a native topic is that
    /// topic too; the server's log is for operators.
    init(_ name: String, in namespace: String, role: Role) {
        self.namespace = namespace
        self.name = name
        let room = Topic.room(namespace: namespace, name: name)
        if namespace == RoomMessage.mainNamespace, name == RoomMessage.taskRoom {
            topics = [room, .tasks]
            state = room
        } else if namespace == RoomMessage.mainNamespace, let topic = Topic(name: name),
            topic != .log || role.mayOperate
        {
            topics = [room, topic]
            state = topic
        } else {
            topics = [room]
            state = nil
        }
    }

    /// The event that tells the room's state as it was at `offset`.
    ///
    /// VFrame's `list_tasks` for those who follow all tasks, otherwise `snapshot`.
    func packet(state encoded: [UInt8], offset: Int, format: WireFormat) -> Bytes {
        if name == RoomMessage.taskRoom {
            return encoded.withUnsafeBytes {
                SocketIOEventPacket.bytes(event: "list_tasks", encodedArgument: $0, format: format)
            }
        }
        var writer = JSONWriter(capacity: encoded.count + 128)
        writer.object {
            $0.field("topic", name)
            $0.field("offset", offset)
            $0.name("state")
            $0.value(encoded: encoded)
        }
        return writer.bytes.withUnsafeBytes {
            SocketIOEventPacket.bytes(event: "snapshot", encodedArgument: $0, format: format)
        }
    }
}
