import Domain

/// One connection's place in the hub: its topics, what waits for it, and the form in which it gets things.
///
/// Confined to its shard's loop, like the shard's other parts.
final class Subscriber {
    /// How much is handed to the driver at a time.
    static let burstLimit = 64 * 1024

    let format: WireFormat
    private(set) var link: (any Link)?
    private var queue: OutboundQueue
    private unowned let shard: HubShard
    /// The topics in the order in which they were first asked for.
    private(set) var topics: [Topic] = []
    var group: SubscriberGroup?
    var groupIndex = 0

    init(shard: HubShard, format: WireFormat, configuration: HubConfiguration) {
        self.shard = shard
        self.format = format
        queue = OutboundQueue(events: configuration.queueEvents, bytes: configuration.queueBytes)
    }

    func open(_ link: any Link) {
        self.link = link
    }

    func close() {
        link = nil
        shard.move(self, to: [])
        topics = []
    }

    /// The bytes of answers that the peer has not taken yet.
    var unreadAnswers: Int { queue.answerBytes }

    /// Adds topics; those it has keep their place.
    func add(_ new: [Topic]) {
        for topic in new where !topics.contains(topic) { topics.append(topic) }
        shard.move(self, to: Set(topics))
    }

    /// Removes topics; no event of them follows.
    func remove(_ old: [Topic]) {
        topics.removeAll { old.contains($0) }
        shard.move(self, to: Set(topics))
    }

    /// Sends a message behind all that waits; it leaves at the next flush.
    func send(_ message: ServerMessage) {
        send(encoded: encode(message))
    }

    /// Sends encoded bytes behind all that waits.
    func send(encoded bytes: Bytes) {
        guard let link else { return }
        if queue.isEmpty, link.isWritable {
            link.write(bytes)
        } else {
            queue.append(answer: bytes)
        }
    }

    /// Sends a past event as an answer: it is part of a replay, which is never cut short.
    func replay(_ frame: EventFrame) {
        send(encoded: frame.bytes(format, contexts: shard.contexts))
    }

    private func encode(_ message: ServerMessage) -> Bytes {
        switch format {
        case .webSocket: MessageEncoder.webSocket(message.json)
        case .webSocketDeflate(let windowBits):
            MessageEncoder.deflated(message.json, windowBits: windowBits, contexts: shard.contexts)
                ?? MessageEncoder.webSocket(message.json)
        case .eventStream:
            MessageEncoder.eventStream(
                message.type,
                json: message.json,
                id: message.resumeOffset.map { "\(shard.epoch):\($0)" }
            )
        }
    }

    /// Takes a burst of events: as shared bytes while it keeps up, one by one into the queue when it does not.
    func deliver(_ burst: SubscriberGroup.Burst) {
        guard let link else { return }
        var piece = 0
        while piece < burst.pieces.count, queue.isEmpty, !queue.isLagging, link.isWritable {
            link.write(burst.pieces[piece].bytes)
            piece += 1
        }
        guard piece < burst.pieces.count else { return }
        for frame in burst.frames[burst.pieces[piece].firstFrame...] { queue.append(event: frame) }
        if queue.isLagging { shard.noteSlow() }
    }

    /// Moves what waits to the driver for as long as it takes it, and sends the state anew after a loss (G7).
    func drain() {
        guard !shard.isDraining else { return shard.postpone(self) }
        guard let link else { return }
        while link.isWritable,
            let burst = queue.popBurst(Self.burstLimit, format: format, contexts: shard.contexts)
        {
            link.write(burst)
        }
        if queue.isEmpty, queue.isLagging, link.isWritable {
            shard.resynchronize(self, topics: topics)
        }
    }

    /// Takes events again after a loss; the states that follow hold what was dropped.
    func recover() {
        queue.recover()
    }
}
