import Domain

extension SocketIOSession {
    /// The greatest length of a room's name, in bytes of UTF-8.
    package static let roomNameLimit = 256

    /// The names of the rooms of a namespace that the client has joined, first joined first.
    package func roomNames(in namespace: String = SocketIOPacket.mainNamespace) -> [String] {
        rooms.filter { $0.namespace == namespace }.map(\.name)
    }

    /// Lets the client into a room, and tells it the state of one that has a state; again, when it is in it already.
    ///
    /// Nothing happens when it is not in the namespace, when it is in as many rooms as it may, and for a name that is
    /// empty or longer than ``roomNameLimit``.
    package func enter(_ name: String, in namespace: String = SocketIOPacket.mainNamespace) {
        guard engine != nil, connection.isIn(namespace), (1...Self.roomNameLimit).contains(name.utf8.count)
        else { return }
        let room = SocketIORoom(name, in: namespace, role: role)
        if !rooms.contains(room) {
            guard rooms.count < hub.configuration.maxSubscriptions else { return }
            rooms.append(room)
        }
        guard let state = room.state else {
            // Messages from before are not for it.
            shard.drain()
            subscriber.add(room.topics)
            return behaviour.changed(in: self)
        }
        let isDone = shard.withTasks(of: [state], for: self) { client, known in
            guard let session = client as? SocketIOSession else { return }
            session.follow(room, state: state, known: known)
            guard session.isBusy else { return }
            session.isBusy = false
            session.process()
        }
        isBusy = !isDone
    }

    private func follow(_ room: SocketIORoom, state: Topic, known: [String: TaskState]) {
        guard rooms.contains(room) else { return }
        let (offset, states) = hub.snapshots.read([state], known: known)
        shard.drain(through: offset)
        guard engine != nil else { return }
        subscriber.add(room.topics)
        // A slow reader is told the state of all its rooms once it reads again.
        if !subscriber.isLagging { tell([room], states, offset: offset) }
        behaviour.changed(in: self)
    }

    private func tell(_ rooms: [SocketIORoom], _ states: [[UInt8]], offset: Int) {
        for (room, state) in zip(rooms, states) {
            subscriber.send(state: room.packet(state: state, offset: offset, format: subscriber.format))
        }
    }

    /// Lets the client out of a room; no message to it follows.
    package func leave(_ name: String, in namespace: String = SocketIOPacket.mainNamespace) {
        let count = rooms.count
        forgetRooms { $0.namespace == namespace && $0.name == name }
        if rooms.count < count { behaviour.changed(in: self) }
    }

    private func forgetRooms(where isLeft: (SocketIORoom) -> Bool) {
        let left = rooms.filter(isLeft)
        rooms.removeAll(where: isLeft)
        let kept = Set(rooms.flatMap(\.topics))
        subscriber.remove(left.flatMap(\.topics).filter { !kept.contains($0) })
    }

    // MARK: - Rooms that nobody joins

    /// Has messages to the whole namespace, and to the room with its own id, reach the client.
    func enterOwnRooms(_ namespace: String, sid: String) {
        subscriber.add([.namespace(namespace)])
        answer(to: sid, in: namespace)
    }

    /// Has messages to a room of this name reach the client, as the only one in it.
    package func answer(to id: String, in namespace: String = SocketIOPacket.mainNamespace) {
        guard engine != nil else { return }
        subscriber.names.insert(id)
        let room = Topic.room(namespace: namespace, name: id)
        ownRooms.append(room)
        shard.address(room, to: subscriber)
    }

    /// Takes the client out of everything in the namespace.
    func leaveRooms(of namespace: String) {
        forgetRooms { $0.namespace == namespace }
        subscriber.remove([.namespace(namespace)])
        ownRooms.removeAll { room in
            guard case .room(namespace, let id) = room else { return false }
            subscriber.names.remove(id)
            shard.address(room, to: nil)
            return true
        }
    }

    // MARK: - Slow readers

    /// Tells a slow reader the states of its rooms anew (contracts/realtime.md §3, G7).
    ///
    /// A lost message to a room cannot be told again: then the connection is closed, so that the client comes back
    /// and knows.
    package func resynchronize(on shard: HubShard) {
        resynchronize(known: [:])
    }

    private func resynchronize(known: [String: TaskState]) {
        guard engine != nil, subscriber.isLagging else { return }
        guard !subscriber.hasLostMessages else { return engine?.close() ?? () }
        subscriber.isRecovering = true
        shard.withTasks(of: rooms.compactMap(\.state), for: self, known: known) { client, known in
            (client as? SocketIOSession)?.tellAnew(known: known)
        }
    }

    private func tellAnew(known: [String: TaskState]) {
        subscriber.isRecovering = false
        // It may have joined rooms while the store was asked.
        let told = rooms.filter { $0.state != nil }
        let topics = told.compactMap(\.state)
        guard shard.tasksOffBoard(topics, except: known).isEmpty else { return resynchronize(known: known) }
        guard engine != nil, subscriber.isLagging else { return }
        let (offset, states) = hub.snapshots.read(topics, known: known)
        shard.drain(through: offset)
        // A message may have been lost while the store was asked.
        guard !subscriber.hasLostMessages else { return engine?.close() ?? () }
        _ = subscriber.recover()
        tell(told, states, offset: offset)
        engine?.link.flush()
    }
}
