package import Domain

/// One client of `GET /events`: the same stream as Server-Sent Events (contracts/realtime.md §7).
///
/// Confined to its shard's loop. What the client sends after its request means nothing.
package final class EventStreamSession: Session, HubClient {
    /// How often a comment line shows that the stream is alive.
    private static let commentInterval: Milliseconds = 15_000

    let shard: HubShard
    let tasks: any FinishedTasks
    let subscriber: Subscriber
    private let topics: [Topic]
    private let since: ResumePoint?
    private(set) var record: ClientRecord
    private var link: (any Link)?
    private var slot: ConnectionSlot?
    private var lastComment: Milliseconds

    /// A stream of `topics` for an admitted client with `role`, from `since` on or from the present state.
    package init(
        shard: HubShard,
        tasks: any FinishedTasks,
        role: Role,
        topics: [Topic],
        since: ResumePoint?,
        slot: ConnectionSlot
    ) {
        self.slot = slot
        self.shard = shard
        self.tasks = tasks
        self.topics = topics
        self.since = since
        subscriber = Subscriber(shard: shard, format: .eventStream, configuration: shard.hub.configuration)
        lastComment = shard.loop.now
        record = ClientRecord(
            id: Identifier.make(),
            kind: .script,
            transport: .sse,
            protocol: "sse",
            role: role,
            since: shard.hub.clock.now,
            address: ""
        )
        record.topics = topics.map(\.name)
    }

    package func opened(_ link: any Link) {
        self.link = link
        subscriber.open(link, for: self)
        shard.join(self)
        record.address = link.address
        shard.hub.journal.publish(.clientJoined(record))
        var retry = Bytes()
        retry.write(text: "retry: 2000\n\n")
        subscriber.send(encoded: retry)
        subscriber.send(.welcome(record, hub: shard.hub))
        link.flush()
        if shard.hub.isStopping { return shutDown() }
        shard.withTasks(of: topics, for: self) { client, known in
            (client as? EventStreamSession)?.subscribe(known: known)
        }
    }

    private func subscribe(known: [String: TaskState]) {
        shard.subscribe(subscriber, to: topics, since: since, id: nil, known: known)
        link?.flush()
    }

    package func received(_ bytes: UnsafeMutableRawBufferPointer) {}

    package func writable() {
        guard !shard.isDraining else { return shard.postpone(self) }
        subscriber.drain()
        link?.flush()
    }

    package func inputClosed() {
        link?.close()
    }

    package func closed() {
        guard link != nil else { return }
        link = nil
        subscriber.close()
        shard.leave(self)
        slot = nil
        shard.hub.journal.publish(.clientLeft(id: record.id))
    }

    package func tick(now: Milliseconds) {
        guard now - lastComment >= Self.commentInterval, let link else { return }
        lastComment = now
        guard link.isWritable else { return }
        var comment = Bytes()
        comment.write(text: ":\n\n")
        subscriber.send(encoded: comment)
        link.flush()
    }

    package func abandon() {
        link?.abort()
    }

    package func shutDown() {
        link?.flush()
        link?.close()
    }
}

extension EventStreamSession: Addressable {
    func isKnown(as id: String) -> Bool { record.id == id }

    func send(event: String, _ arguments: [JSON]) {
        subscriber.send(.clientEvent(event, arguments))
        link?.flush()
    }
}
