package import Domain

/// One client of `GET /events`: the same stream as Server-Sent Events (contracts/realtime.md §7).
///
/// Confined to its shard's loop. What the client sends after its request means nothing.
package final class EventStreamSession: Session {
    /// How often a comment line shows that the stream is alive.
    private static let commentInterval: Milliseconds = 15_000

    let shard: HubShard
    private let tasks: any TaskCommands
    private let subscriber: Subscriber
    private let topics: [Topic]
    private let since: ResumePoint?
    private var record: ClientRecord
    private var link: (any Link)?
    private var lastComment: Milliseconds

    /// A stream of `topics` for an admitted client with `role`, from `since` on or from the present state.
    package init(shard: HubShard, tasks: any TaskCommands, role: Role, topics: [Topic], since: ResumePoint?) {
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
        subscriber.open(link)
        shard.join(self)
        record.address = link.address
        var retry = Bytes()
        retry.write(text: "retry: 2000\n\n")
        subscriber.send(encoded: retry)
        subscriber.send(.welcome(record, hub: shard.hub))
        link.flush()
        shard.hub.journal.publish(.clientJoined(record))
        let unknown = shard.tasksOffBoard(topics)
        guard !unknown.isEmpty else { return subscribe(known: [:]) }
        shard.loadTasks(unknown, from: tasks, for: self) { session, known in
            (session as? EventStreamSession)?.subscribe(known: known)
        }
    }

    private func subscribe(known: [String: TaskState]) {
        guard let link else { return }
        shard.subscribe(subscriber, to: topics, since: since, id: nil, known: known)
        link.flush()
    }

    package func received(_ bytes: UnsafeMutableRawBufferPointer) {}

    package func writable() {
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
        shard.hub.release()
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
