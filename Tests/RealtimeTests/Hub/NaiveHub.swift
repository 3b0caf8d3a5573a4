import Domain

/// All events that ever were and what they amount to, by the simplest means: what the hub is held against.
struct NaiveHub {
    struct Happening {
        var offset: Int
        var event: Event
        var topics: [String]
        /// Set when a newer event may stand for this one.
        var key: String?
        /// The value of `data` or `message` or `current`, by which the event is known again.
        var mark: String
    }

    private(set) var happenings: [Happening] = []

    mutating func note(_ offset: Int, _ event: Event, mark: String) {
        happenings.append(
            Happening(
                offset: offset,
                event: event,
                topics: event.topics.map(\.name),
                key: event.conflationKey,
                mark: mark
            )
        )
    }

    /// The offset of the last event that the test published.
    var last: Int { happenings.last?.offset ?? 0 }

    func happening(_ offset: Int) -> Happening? {
        let index = firstIndex(from: offset)
        return index < happenings.count && happenings[index].offset == offset ? happenings[index] : nil
    }

    /// The index of the first event with this offset or a greater one.
    private func firstIndex(from offset: Int) -> Int {
        var low = 0
        var high = happenings.count
        while low < high {
            let middle = (low + high) / 2
            if happenings[middle].offset < offset { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The events of a topic after `start`, before `end`.
    func events(of topic: String, after start: Int, before end: Int) -> [Happening] {
        let first = firstIndex(from: start + 1)
        return happenings[first..<max(first, firstIndex(from: end))].filter { $0.topics.contains(topic) }
    }

    /// Whether a newer event stands for this one.
    func isSuperseded(_ old: Happening) -> Bool {
        guard let key = old.key else { return false }
        return happenings.reversed().prefix { $0.offset > old.offset }.contains { $0.key == key }
    }

    /// The newest value of each key of an app topic at an offset, as JSON, least recently used key first.
    func values(_ topic: String, at offset: Int) -> String {
        var values: [(key: String, mark: String)] = []
        for happening in happenings.prefix(while: { $0.offset <= offset }) where happening.topics == [topic] {
            guard case .appMessage(name: _, from: _, data: _, let key?) = happening.event else { continue }
            values.removeAll { $0.key == key }
            values.append((key, happening.mark))
        }
        return "{" + values.map { "\"\($0.key)\":\"\($0.mark)\"" }.joined(separator: ",") + "}"
    }

    /// The log and the progress of a task at an offset.
    func task(_ id: String, at offset: Int) -> (log: [String], current: Int?) {
        var log: [String] = []
        var current: Int?
        for happening in happenings.prefix(while: { $0.offset <= offset }) {
            switch happening.event {
            case .taskLog(task: id, line: _): log.append(happening.mark)
            case .taskProgress(let task) where task.id == id: current = task.progress?.current
            default: break
            }
        }
        return (log.suffix(200), current)
    }
}
