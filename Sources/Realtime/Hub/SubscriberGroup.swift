import Domain

/// The subscribers of a shard with the same set of topics: a burst is put together once for all of them.
final class SubscriberGroup {
    /// A run of events joined to one piece of shared bytes.
    struct Piece {
        var bytes: Bytes
        /// The index in ``Burst/frames`` of its first event.
        var firstFrame: Int
    }

    /// The events of one drain of the shard's mailbox, in one wire format.
    struct Burst {
        let frames: [EventFrame]
        let pieces: [Piece]
        /// The Socket.IO ids that some of the events leave out.
        let skipping: Set<String>
    }

    let topics: Set<Topic>
    private(set) var members: [Subscriber] = []
    private var frames: [EventFrame] = []

    init(topics: Set<Topic>) {
        self.topics = topics
    }

    func insert(_ subscriber: Subscriber) {
        subscriber.group = self
        subscriber.groupIndex = members.count
        members.append(subscriber)
    }

    func remove(_ subscriber: Subscriber) {
        let last = members.removeLast()
        if last !== subscriber {
            members[subscriber.groupIndex] = last
            last.groupIndex = subscriber.groupIndex
        }
        subscriber.group = nil
    }

    /// Adds an event of one of the topics, once; answers whether it is the first since the last delivery.
    func collect(_ frame: EventFrame) -> Bool {
        guard frames.last !== frame else { return false }
        frames.append(frame)
        return frames.count == 1
    }

    /// Whether the event is the last one collected since the last delivery.
    func hasCollected(_ frame: EventFrame) -> Bool { frames.last === frame }

    /// Hands the collected events to every member and flushes each once.
    func deliver(contexts: DeflateContexts) {
        guard !frames.isEmpty else { return }
        let frames = self.frames
        self.frames.removeAll(keepingCapacity: true)
        let skipping = frames.reduce(into: Set<String>()) { $0.formUnion($1.skipping) }
        var bursts: [WireFormat: Burst] = [:]
        for member in members {
            let burst: Burst
            if let known = bursts[member.format] {
                burst = known
            } else {
                burst = Burst(
                    frames: frames,
                    pieces: Self.join(frames, member.format, contexts),
                    skipping: skipping
                )
                bursts[member.format] = burst
            }
            member.deliver(burst)
            member.link?.flush()
        }
    }

    private static func join(_ frames: [EventFrame], _ format: WireFormat, _ contexts: DeflateContexts) -> [Piece] {
        guard frames.count > 1 else {
            return frames.map { Piece(bytes: $0.bytes(format, contexts: contexts), firstFrame: 0) }
        }
        var pieces: [Piece] = []
        for (index, frame) in frames.enumerated() {
            let bytes = frame.bytes(format, contexts: contexts)
            if let last = pieces.indices.last, pieces[last].bytes.count + bytes.count <= Subscriber.burstLimit {
                pieces[last].bytes.append(bytes)
            } else {
                var piece = Bytes(capacity: min(Subscriber.burstLimit, 512 * (frames.count - index)))
                piece.append(bytes)
                pieces.append(Piece(bytes: piece, firstFrame: index))
            }
        }
        return pieces
    }
}
