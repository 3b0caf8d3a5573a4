import DequeModule

/// What waits for one socket: answers, which are never dropped, and events, which are bounded (G5, G6, G7).
///
/// A newer event of a key takes the older one's place at the end. Past a bound every waiting event is dropped and the
/// queue is ``isLagging``: it takes no event until ``recover()``, which the subscriber calls before it sends the
/// state anew.
struct OutboundQueue {
    private enum Entry {
        case answer(Bytes)
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
    /// The bytes of the answers that wait.
    private(set) var answerBytes = 0
    /// Whether events were dropped and the subscriber needs the state anew.
    private(set) var isLagging = false

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

    /// Adds an event behind all that waits, or drops all events when that would pass a bound.
    mutating func append(event: EventFrame) {
        guard !isLagging else { return }
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
        entries.removeAll { entry in
            if case .answer = entry { false } else { true }
        }
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

    /// Takes events again; everything before was sent or dropped.
    mutating func recover() {
        isLagging = false
    }

    /// Takes out the first entries, at least one and about `limit` bytes, in `format`; `nil` when nothing waits.
    mutating func popBurst(_ limit: Int, format: WireFormat, contexts: DeflateContexts) -> Bytes? {
        var burst = Bytes()
        while burst.count < limit, let entry = entries.popFirst() {
            base += 1
            switch entry {
            case .vacant: vacancies -= 1
            case .answer(let bytes):
                answerBytes -= bytes.count
                burst.append(bytes)
            case .event(let frame):
                eventCount -= 1
                eventBytes -= frame.size
                if let key = frame.conflationKey { sequenceOfKey[key] = nil }
                burst.append(frame.bytes(format, contexts: contexts))
            }
        }
        return burst.isEmpty ? nil : burst
    }
}
