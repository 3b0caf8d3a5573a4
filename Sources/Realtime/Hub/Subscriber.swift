import Domain

/// One connection's place in the hub: its topics, what waits for it, and the form in which it gets things.
///
/// Confined to its shard's loop, like the shard's other parts.
final class Subscriber {
    /// How much is handed to the driver at a time.
    static let burstLimit = 64 * 1024

    private(set) var format: WireFormat
    /// The Socket.IO ids under which a message may leave it out.
    var names: Set<String> = []
    private(set) var link: (any Link)?
    private var queue: OutboundQueue
    private unowned let shard: HubShard
    private weak var owner: (any HubClient)?
    /// The topics in the order in which they were first asked for.
    private(set) var topics: [Topic] = []
    /// Whether the state that a slow reader needs anew is being put together.
    var isRecovering = false
    var group: SubscriberGroup?
    var groupIndex = 0

    init(shard: HubShard, format: WireFormat, configuration: HubConfiguration) {
        self.shard = shard
        self.format = format
        queue = OutboundQueue(events: configuration.queueEvents, bytes: configuration.queueBytes)
    }

    func open(_ link: any Link, for owner: any HubClient) {
        self.link = link
        self.owner = owner
    }

    func close() {
        link = nil
        shard.move(self, to: [])
        topics = []
    }

    /// Whether anything can still be sent.
    var isOpen: Bool { link != nil }

    /// Whether events were dropped and the state has not been sent anew.
    var isLagging: Bool { queue.isLagging }

    /// Whether messages were dropped since then that no state tells of.
    var hasLostMessages: Bool { queue.hasLostMessages }

    /// The bytes of answers that the peer has not taken yet.
    var unreadAnswers: Int { queue.answerBytes + queue.owedBytes }

    /// The bytes of events that the peer has not taken yet.
    var unreadEvents: Int { queue.eventBytes }

    // MARK: - Topics

    /// Adds topics; those it has keep their place, and a closed subscriber stays without.
    func add(_ new: [Topic]) {
        guard isOpen else { return }
        for topic in new where !topics.contains(topic) { topics.append(topic) }
        shard.move(self, to: Set(topics))
    }

    /// Removes topics; no event of them follows.
    func remove(_ old: [Topic]) {
        let old = Set(old)
        topics.removeAll { old.contains($0) }
        shard.move(self, to: Set(topics))
    }

    // MARK: - Sending

    /// Sends a message behind all that waits; it leaves at the next flush.
    func send(_ message: ServerMessage) {
        send(encoded: encode(message))
    }

    /// Sends encoded bytes behind all that waits.
    func send(encoded bytes: Bytes) {
        if !writeNow(bytes) { queue.append(answer: bytes) }
    }

    /// Sends a part of the answer to a subscription; `end` with its `synced`.
    func send(state message: ServerMessage, end: OutboundQueue.Synced? = nil) {
        let bytes = encode(message)
        if !writeNow(bytes) { queue.append(state: bytes, end: end) }
    }

    /// Sends an encoded state: dropped with the events, since it comes anew with them.
    func send(state bytes: Bytes) {
        if !writeNow(bytes) { queue.append(state: bytes) }
    }

    /// Sends a past event as a part of the answer to a subscription.
    func replay(_ frame: EventFrame) {
        let bytes = frame.bytes(format, contexts: shard.contexts)
        if !writeNow(bytes) { queue.append(state: bytes) }
    }

    /// Whether the bytes are done with: written, or for nobody.
    private func writeNow(_ bytes: Bytes) -> Bool {
        guard let link else { return true }
        guard queue.isEmpty, link.isWritable else { return false }
        link.write(bytes)
        return true
    }

    /// The message in the subscriber's format.
    func encode(_ message: ServerMessage) -> Bytes {
        switch format {
        case .webSocket: MessageEncoder.webSocket(message.json)
        case .webSocketDeflate(let windowBits):
            message.json.withUnsafeBytes {
                MessageEncoder.deflated($0, windowBits: windowBits, contexts: shard.contexts)
            } ?? MessageEncoder.webSocket(message.json)
        case .eventStream, .engineIOPolling, .engineIOWebSocket:
            message.json.withUnsafeBytes { json in
                let id = message.resumeOffset.map { "\(shard.epoch):\($0)" }
                return MessageEncoder.eventStream(message.type, json: json, id: id)
            }
        }
    }

    // MARK: - Events

    /// Takes a burst of events: as shared bytes while it keeps up, one by one into the queue when it does not.
    func deliver(_ burst: SubscriberGroup.Burst) {
        guard let link else { return }
        guard !queue.isLagging else { return lose(burst) }
        if !names.isDisjoint(with: burst.skipping) { return deliverSome(of: burst, to: link) }
        var piece = 0
        while piece < burst.pieces.count, queue.isEmpty, canWrite(link) {
            link.write(burst.pieces[piece].bytes)
            piece += 1
        }
        guard piece < burst.pieces.count, isOpen else { return }
        for frame in burst.frames[burst.pieces[piece].firstFrame...] { wait(frame) }
        if queue.isLagging { shard.noteSlow() }
    }

    private func lose(_ burst: SubscriberGroup.Burst) {
        for frame in burst.frames where frame.isMessage && names.isDisjoint(with: frame.skipping) {
            queue.noteLostMessage()
        }
    }

    /// Takes an event that is for this subscriber alone.
    func deliver(_ frame: EventFrame) {
        let piece = SubscriberGroup.Piece(bytes: frame.bytes(format, contexts: shard.contexts), firstFrame: 0)
        deliver(SubscriberGroup.Burst(frames: [frame], pieces: [piece], skipping: frame.skipping))
        link?.flush()
    }

    /// Takes the events of a burst that are not to leave it out.
    private func deliverSome(of burst: SubscriberGroup.Burst, to link: any Link) {
        for frame in burst.frames where names.isDisjoint(with: frame.skipping) {
            if queue.isEmpty, canWrite(link) {
                link.write(frame.bytes(format, contexts: shard.contexts))
            } else if isOpen {
                wait(frame)
            }
        }
        if queue.isLagging { shard.noteSlow() }
    }

    private func wait(_ frame: EventFrame) {
        if frame.isVisible(in: format) { queue.append(event: frame) }
    }

    /// A burst may be larger than what the driver holds; a reader that keeps up must not be taken for a slow one.
    private func canWrite(_ link: any Link) -> Bool {
        if !link.isWritable { link.flush() }
        return isOpen && link.isWritable
    }

    /// Moves what waits to the driver for as long as it takes it, and has the state sent anew after a loss (G7).
    ///
    /// Not during a drain of the shard: what is sent then would overtake the events of the drain.
    func drain() {
        guard let link else { return }
        while link.isWritable,
            let burst = queue.popBurst(Self.burstLimit, format: format, contexts: shard.contexts)
        {
            link.write(burst)
        }
        if queue.isLagging, !isRecovering, queue.isEmpty, link.isWritable, let owner {
            owner.resynchronize(on: shard)
        }
    }

    /// Hands everything that waits to the driver, whether it takes it or not: nothing comes after it.
    func hurry() {
        while let link, let burst = queue.popBurst(Self.burstLimit, format: format, contexts: shard.contexts) {
            link.write(burst)
        }
    }

    /// Goes on in another format; `recode` says what becomes of answers that wait in the old one.
    func change(to format: WireFormat, _ recode: (Bytes) -> Bytes) {
        self.format = format
        queue.recode(recode)
    }

    /// Keeps in mind a subscription made while lagging: the state that comes anew answers it.
    func owe(_ synced: OutboundQueue.Synced) {
        queue.owe(synced)
    }

    /// Takes events again after a loss; the states that follow hold what was dropped.
    ///
    /// Returns the ends of subscriptions that are to be told after those states.
    func recover() -> [OutboundQueue.Synced] {
        queue.recover()
    }
}
