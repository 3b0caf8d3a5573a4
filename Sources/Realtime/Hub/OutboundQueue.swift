import DequeModule
import Domain

/// What waits for one socket: answers, which are never dropped, and events, which are bounded (G5, G6, G7).
///
/// A newer event of a key takes the older one's place at the end. Past a bound every waiting event is dropped and the
/// queue is ``isLagging``: it takes no event until ``recover()``, which the subscriber calls before it sends the
/// state anew. Snapshots and replays go with the events, since the state that follows says what they said; a waiting
/// `synced` would promise what is no longer true, so it becomes one that is owed until then.
struct OutboundQueue {
    /// The end of the answer to one `subscribe`.
    struct Synced: Hashable {
        var id: JSON?
        var topics: [Topic]

        /// What it counts for in bounds, in bytes.
        var size: Int { 64 + topics.reduce(0) { $0 + $1.name.utf8.count + 3 } }
    }

    private enum Entry {
        case answer(Bytes)
        /// A part of the answer to a subscription; the last part with what it ends.
        case state(Bytes, Synced?)
        case event(EventFrame)
        /// The place of an event that a newer one of its key has left behind.
        case vacant
    }

    private var entries: Deque<Entry> = []
    /// The sequence number of the first entry.
    private var base = 0
    private var sequenceOfKey: [String: Int] = [:]
    private var vacancies = 0
    private let eventsLimit: Int
    private let bytesLimit: Int
    /// How many events wait.
    private(set) var eventCount = 0
    /// Their bytes.
    private(set) var eventBytes = 0
    /// The bytes of the answers and states that wait.
    private(set) var answerBytes = 0
    /// Whether events were dropped and the subscriber needs the state anew.
    private(set) var isLagging = false
    /// Whether messages were dropped with them that no state tells of.
    private(set) var hasLostMessages = false
    /// The ends of subscriptions that are to be told once the state has been sent anew.
    private var owed: [Synced] = []
    /// What they count for, in bytes.
    private(set) var owedBytes = 0

    init(events: Int, bytes: Int) {
        eventsLimit = events
        bytesLimit = bytes
    }

    /// Whether nothing waits.
    var isEmpty: Bool { eventCount == 0 && answerBytes == 0 }

    /// Adds an answer behind all that waits.
    mutating func append(answer: Bytes) {
        guard !answer.isEmpty else { return }
        entries.append(.answer(answer))
        answerBytes += answer.count
    }

    /// Adds a part of the answer to a subscription behind all that waits; `end` says which one ends with it.
    mutating func append(state: Bytes, end: Synced? = nil) {
        guard !state.isEmpty else { return }
        entries.append(.state(state, end))
        answerBytes += state.count
    }

    /// Keeps in mind a subscription made while lagging.
    mutating func owe(_ synced: Synced) {
        owed.append(synced)
        owedBytes += synced.size
    }

    /// Adds an event behind all that waits, or drops all events when that would pass a bound.
    mutating func append(event: EventFrame) {
        guard !isLagging else {
            if event.isMessage { hasLostMessages = true }
            return
        }
        if let key = event.conflationKey {
            if let sequence = sequenceOfKey[key], case .event(let old) = entries[sequence - base] {
                entries[sequence - base] = .vacant
                vacancies += 1
                eventCount -= 1
                eventBytes -= old.size
            }
            sequenceOfKey[key] = base + entries.count
        }
        entries.append(.event(event))
        eventCount += 1
        eventBytes += event.size
        if eventCount > eventsLimit || eventBytes > bytesLimit { dropEvents() } else { compact() }
    }

    private mutating func dropEvents() {
        var kept: Deque<Entry> = []
        for entry in entries {
            switch entry {
            case .answer: kept.append(entry)
            case .state(let bytes, let end):
                answerBytes -= bytes.count
                if let end { owe(end) }
            case .event(let frame): if frame.isMessage { hasLostMessages = true }
            case .vacant: break
            }
        }
        entries = kept
        base = 0
        sequenceOfKey = [:]
        vacancies = 0
        eventCount = 0
        eventBytes = 0
        isLagging = true
    }

    /// Closes the gaps once most places are vacant, so that conflation alone cannot grow the queue.
    private mutating func compact() {
        guard vacancies > 64, vacancies > entries.count / 2 else { return }
        vacancies = 0
        entries.removeAll { entry in
            if case .vacant = entry { true } else { false }
        }
        base = 0
        sequenceOfKey = [:]
        for (index, entry) in entries.enumerated() {
            if case .event(let frame) = entry, let key = frame.conflationKey { sequenceOfKey[key] = index }
        }
    }

    /// Puts other bytes in place of every answer and state that waits.
    mutating func recode(_ body: (Bytes) -> Bytes) {
        for index in entries.indices {
            switch entries[index] {
            case .answer(let old):
                let new = body(old)
                entries[index] = .answer(new)
                answerBytes += new.count - old.count
            case .state(let old, let end):
                let new = body(old)
                entries[index] = .state(new, end)
                answerBytes += new.count - old.count
            case .event, .vacant: break
            }
        }
    }

    /// Keeps in mind that a message did not even get in.
    mutating func noteLostMessage() {
        hasLostMessages = true
    }

    /// Takes events again; everything before was sent or dropped.
    ///
    /// Returns the ends of subscriptions that are owed.
    mutating func recover() -> [Synced] {
        isLagging = false
        hasLostMessages = false
        defer {
            owed = []
            owedBytes = 0
        }
        return owed
    }

    /// Takes out the first entries, at least one and about `limit` bytes, in `format`; `nil` when nothing waits.
    mutating func popBurst(_ limit: Int, format: WireFormat, contexts: DeflateContexts) -> Bytes? {
        var burst = Bytes()
        while burst.count < limit, let entry = entries.popFirst() {
            base += 1
            switch entry {
            case .vacant: vacancies -= 1
            case .answer(let bytes), .state(let bytes, _):
                answerBytes -= bytes.count
                Self.join(bytes, to: &burst)
            case .event(let frame):
                eventCount -= 1
                eventBytes -= frame.size
                if let key = frame.conflationKey { sequenceOfKey[key] = nil }
                Self.join(frame.bytes(format, contexts: contexts), to: &burst)
            }
        }
        return burst.isEmpty ? nil : burst
    }

    /// One entry alone is not copied.
    private static func join(_ bytes: Bytes, to burst: inout Bytes) {
        if burst.isEmpty { burst = bytes } else { burst.append(bytes) }
    }
}
