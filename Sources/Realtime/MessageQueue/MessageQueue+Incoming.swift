import Domain
import OrderedCollections

extension MessageQueue {
    /// What stands for a process that does not say who it is.
    private static let stranger = "external"

    /// Does what another process asks for.
    func perform(_ message: QueueMessage) {
        switch message.body {
        case .emit(let emit):
            if emit.callback != nil, let room = emit.rooms?.first {
                ask(emit, room: room, for: message.host)
            } else {
                deliver(emit, from: message.host ?? Self.stranger)
            }
        case .callback: break
        case .disconnect(let sid, let namespace):
            change { if $0.isKnown(as: sid, in: namespace) { $0.disconnect(namespace) } }
        case .enterRoom(let room, let sid, let namespace):
            change { if $0.isKnown(as: sid, in: namespace) { $0.enter(room, in: namespace) } }
        case .leaveRoom(let room, let sid, let namespace):
            change { if $0.isKnown(as: sid, in: namespace) { $0.leave(room, in: namespace) } }
        case .closeRoom(let room, let namespace): change { $0.leave(room, in: namespace) }
        }
    }

    /// Changes who is where; the messages behind it wait for that.
    private func change(_ body: @escaping @Sendable (any RoomMember) -> Void) {
        isHeld = true
        hub.forEachRoomMember(body) { [self] isLast in
            if isLast { loop.execute { [self] in resume() } }
        }
    }

    // MARK: - Events

    private func deliver(_ emit: QueueMessage.Emit, from host: String) {
        if let published = emit.published {
            hub.journal.publish(published, from: host)
            return
        }
        guard let rooms = emit.rooms else {
            publish(emit, room: nil, more: [], from: host)
            guard emit.namespace == RoomMessage.mainNamespace else { return }
            return hub.broadcast(event: emit.event, emit.shownArguments, skipping: emit.skipping)
        }
        guard let first = rooms.first else { return }
        publish(emit, room: first, more: Array(rooms.dropFirst()), from: host)
        guard emit.namespace == RoomMessage.mainNamespace else { return }
        for room in rooms {
            if rooms.count > 1 { publishToNative(emit, room: room, from: host) }
            sendToNative(emit, client: room)
        }
    }

    private func publish(_ emit: QueueMessage.Emit, room: String?, more: [String], from host: String) {
        var message = RoomMessage(
            namespace: emit.namespace,
            room: room,
            event: emit.event,
            arguments: emit.arguments,
            attachments: emit.attachments,
            skipping: emit.skipping,
            sender: host
        )
        message.moreRooms = more
        hub.journal.publish(.roomMessage(message), from: host)
    }

    /// One room of several, for native clients: each room is a topic to them, with messages of its own.
    private func publishToNative(_ emit: QueueMessage.Emit, room: String, from host: String) {
        guard case .app(let name) = Topic(name: "app/\(room)") else { return }
        let data: JSON = ["event": .string(emit.event), "args": .array(emit.shownArguments)]
        hub.journal.publish(.appMessage(name: name, from: host, data: data, key: nil), from: host)
    }

    /// A native client is reached by its id; those of Socket.IO are in a room of that name.
    private func sendToNative(_ emit: QueueMessage.Emit, client id: String) {
        guard !emit.skipping.contains(id), let client = hub.journal.read({ $0.clients.client(id) }),
            client.server == nil, client.isNative
        else { return }
        hub.send(event: emit.event, emit.shownArguments, to: id)
    }

    /// Sends an event to the members of a room and the sender of the message what they acknowledge.
    private func ask(_ emit: QueueMessage.Emit, room: String, for host: String?) {
        guard let callback = emit.callback else { return }
        // Events behind it come by another way, and must not overtake it.
        change { [self] member in
            guard member.isIn(room, of: emit.namespace),
                !emit.skipping.contains(where: { member.isKnown(as: $0, in: emit.namespace) })
            else { return }
            member.ask(emit.event, emit.arguments, attachments: emit.attachments, in: emit.namespace) { answer in
                let message = QueueMessage(.callback(callback, arguments: answer), host: host)
                self.loop.execute { self.publish(message.encoded) }
            }
        }
        if emit.namespace == RoomMessage.mainNamespace { sendToNative(emit, client: room) }
    }
}

extension QueueMessage.Emit {
    /// The arguments for clients that take no binary data.
    var shownArguments: [JSON] { arguments.map { $0.showing(attachments) } }

    /// The message to a native topic that this event is, in the words of such messages; `nil` for any other event.
    var published: Event? {
        guard event == Event.appMessageType, namespace == RoomMessage.mainNamespace, rooms?.count == 1,
            let room = rooms?.first, case .app(let name) = Topic(name: room), attachments.isEmpty,
            let message = arguments.first, message["topic"]?.string == room, let from = message["from"]?.string,
            let data = message.object?["data"]
        else { return nil }
        let key = message["key"]?.string
        guard data.encoded.count <= AppBoard.dataLimit, (key?.utf8.count ?? 0) <= AppBoard.keyLimit else { return nil }
        return .appMessage(name: name, from: from, data: data, key: key)
    }
}

extension ClientRecord {
    /// Whether it speaks the native protocol, not Socket.IO.
    var isNative: Bool { self.protocol == "vitrine.v1" || self.protocol == "sse" }
}
