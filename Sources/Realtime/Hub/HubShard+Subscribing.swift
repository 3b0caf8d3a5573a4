import Domain

extension HubShard {
    /// Subscribes and answers: a replay when `since` allows it, otherwise snapshots, then `synced` (G1, G3, G4).
    ///
    /// `known` holds the states of finished tasks, which only the store remembers.
    func subscribe(
        _ subscriber: Subscriber,
        to topics: [Topic],
        since: ResumePoint?,
        id: JSON?,
        known: [String: TaskState]
    ) {
        guard let since else {
            return snapshots(subscriber, topics, id: id, known: known, resync: nil)
        }
        let position = hub.position(since: since, topics: Set(topics))
        switch position {
        case .replay(let frames, let offset):
            drain(through: offset)
            subscriber.add(topics)
            for frame in frames { subscriber.replay(frame) }
            subscriber.send(.synced(id: id, topics: topics, epoch: epoch, offset: offset))
        case .resync(let reason):
            snapshots(subscriber, topics, id: id, known: known, resync: reason)
        }
    }

    /// Sends a reader whose events were dropped the states of its topics (G7).
    func resynchronize(_ subscriber: Subscriber, topics: [Topic]) {
        snapshots(subscriber, topics, id: nil, known: [:], resync: "slow")
    }

    private func snapshots(
        _ subscriber: Subscriber,
        _ topics: [Topic],
        id: JSON?,
        known: [String: TaskState],
        resync reason: String?
    ) {
        let (offset, states) = hub.snapshots.read(topics, known: known)
        // What the connection is subscribed to already must have come up to the offset that `synced` names.
        drain(through: offset)
        if reason == "slow" { subscriber.recover() }
        subscriber.add(topics)
        if let reason { subscriber.send(.resync(reason: reason, topics: topics)) }
        for (topic, state) in zip(topics, states) {
            subscriber.send(.snapshot(topic: topic, offset: offset, state: state))
        }
        subscriber.send(.synced(id: id, topics: topics, epoch: epoch, offset: offset))
    }
}

extension ServerMessage {
    static func synced(id: JSON?, topics: [Topic], epoch: String, offset: Int) -> ServerMessage {
        ServerMessage("synced", resumeOffset: offset) {
            $0.field("id", id)
            $0.field("topics", topics.map(\.name))
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
