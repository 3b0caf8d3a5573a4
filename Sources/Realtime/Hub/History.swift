import DequeModule
import Domain

/// The last events, bounded by number and bytes, for those who come back (G3, G4).
struct History {
    private var frames: Deque<EventFrame> = []
    private var bytes = 0
    private let eventsLimit: Int
    private let bytesLimit: Int
    /// The offset of the newest event that is no longer here.
    private(set) var forgottenThrough: Int

    /// An empty history that reaches back to `offset`.
    init(events: Int, bytes: Int, startingAfter offset: Int = 0) {
        eventsLimit = events
        bytesLimit = bytes
        forgottenThrough = offset
    }

    /// Adds the newest event and forgets the oldest past the bounds.
    mutating func append(_ frame: EventFrame) {
        frames.append(frame)
        bytes += frame.size
        while frames.count > eventsLimit || bytes > bytesLimit, let oldest = frames.popFirst() {
            bytes -= oldest.size
            forgottenThrough = oldest.offset
        }
    }

    /// The events of `topics` after `offset`, in order, of each key only the newest; `nil` when some are forgotten.
    func events(after offset: Int, of topics: Set<Topic>) -> [EventFrame]? {
        guard offset >= forgottenThrough else { return nil }
        var seen: Set<String> = []
        var found: [EventFrame] = []
        for frame in frames.reversed() {
            guard frame.offset > offset else { break }
            guard frame.topics.contains(where: topics.contains) else { continue }
            if let key = frame.conflationKey, !seen.insert(key).inserted { continue }
            found.append(frame)
        }
        return found.reversed()
    }
}
