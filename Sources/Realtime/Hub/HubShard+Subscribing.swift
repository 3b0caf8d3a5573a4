import Domain

extension HubShard {
    /// Subscribes and answers: a replay when `since` allows it, otherwise snapshots, then `synced` (G1, G3, G4).
    ///
    /// `known` holds the states of finished tasks, which only the store remembers. A reader whose events were dropped
    /// is answered when it gets the state of all its topics anew: a `synced` before that would let it forget where
    /// it left off.
    func subscribe(
        _ subscriber: Subscriber,
        to topics: [Topic],
        since: ResumePoint?,
        id: JSON?,
        known: [String: TaskState]
    ) {
        guard subscriber.isOpen else { return }
        let end = OutboundQueue.Synced(id: id, topics: topics)
        if subscriber.isLagging {
            subscriber.add(topics)
            subscriber.owe(end)
            return
        }
        guard let since else { return snapshots(subscriber, end, known: known, resync: nil) }
        switch hub.position(since: since, topics: Set(topics)) {
        case .replay(let frames, let offset):
            drain(through: offset)
            subscriber.add(topics)
            if subscriber.isLagging { return subscriber.owe(end) }
            for frame in frames { subscriber.replay(frame) }
            subscriber.send(state: .synced(end, epoch: epoch, offset: offset), end: end)
        case .resync(let reason):
            snapshots(subscriber, end, known: known, resync: reason)
        }
    }

    private func snapshots(
        _ subscriber: Subscriber,
        _ end: OutboundQueue.Synced,
        known: [String: TaskState],
        resync reason: String?
    ) {
        let (offset, states) = hub.snapshots.read(end.topics, known: known)
        // What the connection is subscribed to already must have come up to the offset that `synced` names.
        drain(through: offset)
        subscriber.add(end.topics)
        if subscriber.isLagging { return subscriber.owe(end) }
        send(states, to: subscriber, end.topics, offset: offset, resync: reason)
        subscriber.send(state: .synced(end, epoch: epoch, offset: offset), end: end)
    }

    private func send(
        _ states: [[UInt8]],
        to subscriber: Subscriber,
        _ topics: [Topic],
        offset: Int,
        resync reason: String?
    ) {
        if let reason { subscriber.send(state: .resync(reason: reason, topics: topics)) }
        for (topic, state) in zip(topics, states) {
            subscriber.send(state: .snapshot(topic: topic, offset: offset, state: state))
        }
    }

    // MARK: - Slow readers

    /// Sends a reader whose events were dropped the states of its topics, as soon as they are known (G7).
    func resynchronize(_ client: any HubClient, known: [String: TaskState] = [:]) {
        let subscriber = client.subscriber
        let missing = tasksOffBoard(subscriber.topics, except: known)
        subscriber.isRecovering = !missing.isEmpty
        guard missing.isEmpty else {
            return load(missing, for: client, known: known) { [self] client, known in
                resynchronize(client, known: known)
            }
        }
        guard subscriber.isOpen, subscriber.isLagging else { return }
        let topics = subscriber.topics
        let (offset, states) = hub.snapshots.read(topics, known: known)
        drain(through: offset)
        let owed = subscriber.recover()
        if !topics.isEmpty {
            send(states, to: subscriber, topics, offset: offset, resync: "slow")
            let end = OutboundQueue.Synced(topics: topics)
            subscriber.send(state: .synced(end, epoch: epoch, offset: offset))
        }
        for end in owed {
            // What has been given up since is not promised.
            let end = OutboundQueue.Synced(id: end.id, topics: end.topics.filter(topics.contains))
            subscriber.send(state: .synced(end, epoch: epoch, offset: offset), end: end)
        }
        subscriber.link?.flush()
    }
}

extension ServerMessage {
    static func synced(_ end: OutboundQueue.Synced, epoch: String, offset: Int) -> ServerMessage {
        ServerMessage("synced", resumeOffset: offset) {
            $0.field("id", end.id)
            $0.field("topics", end.topics.map(\.name))
            $0.field("epoch", epoch)
            $0.field("offset", offset)
        }
    }

    static func resync(reason: String, topics: [Topic]) -> ServerMessage {
        ServerMessage("resync") {
            $0.field("reason", reason)
            $0.field("topics", topics.map(\.name))
        }
    }

    static func snapshot(topic: Topic, offset: Int, state: [UInt8]) -> ServerMessage {
        ServerMessage("snapshot") {
            $0.field("topic", topic.name)
            $0.field("offset", offset)
            $0.name("state")
            $0.value(encoded: state)
        }
    }
}
