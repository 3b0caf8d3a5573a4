import Domain

@testable import Realtime

/// A client that believes nothing: it checks every message against the naive hub, and remembers what the contract
/// says a client must remember.
final class ModelClient {
    private struct Request {
        var topics: [String]
        var since: Int?
    }

    /// What has gone wrong.
    private(set) var faults: [String] = []
    /// The offset of the last `synced` or live event, over all connections.
    private(set) var remembered: Int?
    /// Of each topic that has been synced: the offset up to which everything is known.
    private(set) var known: [String: Int] = [:]
    /// Whether the link has refused bytes on this connection.
    var hasStalled = false
    private var staged: [String: Int] = [:]
    private var requests: [String: Request] = [:]
    private var removals: [String: [String]] = [:]
    /// Topics unsubscribed on this connection: a `subscribe` that is answered late may leave them out.
    private var givenUp: Set<String> = []
    private var isRecovering = false
    private var lastLive = 0
    private var nextID = 0
    private let historyLimit: Int

    init(historyLimit: Int) {
        self.historyLimit = historyLimit
    }

    /// Topics asked for or known on this connection.
    var topics: Set<String> {
        Set(known.keys).union(requests.values.flatMap(\.topics))
    }

    // MARK: - What it says

    func subscribe(_ topics: [String], since: ResumePoint? = nil) -> String {
        nextID += 1
        requests["s\(nextID)"] = Request(topics: topics, since: since?.offset)
        let names = topics.map { "\"\($0)\"" }.joined(separator: ",")
        let resume = since.map { ",\"since\":{\"epoch\":\"\($0.epoch)\",\"offset\":\($0.offset)}" } ?? ""
        return "{\"type\":\"subscribe\",\"id\":\"s\(nextID)\",\"topics\":[\(names)]\(resume)}"
    }

    func unsubscribe(_ topics: [String]) -> String {
        nextID += 1
        removals["u\(nextID)"] = topics
        let names = topics.map { "\"\($0)\"" }.joined(separator: ",")
        return "{\"type\":\"unsubscribe\",\"id\":\"u\(nextID)\",\"topics\":[\(names)]}"
    }

    /// The connection is gone: what was not synced is forgotten, the rest may be resumed.
    func disconnected() {
        staged = [:]
        // A replay that was cut short begins again where it began.
        for request in requests.values {
            guard let since = request.since else { continue }
            for topic in request.topics where known[topic] != nil { known[topic] = since }
        }
        requests = [:]
        removals = [:]
        isRecovering = false
        givenUp = []
        hasStalled = false
        lastLive = 0
    }

    // MARK: - What it hears

    func hear(_ message: JSON, naive: NaiveHub, journalOffset: Int) {
        switch message.type {
        case "snapshot": snapshot(message, naive)
        case "synced": synced(message, naive)
        case "resync": resync(message, journalOffset)
        case "ok":
            for topic in removals.removeValue(forKey: message["id"]?.string ?? "") ?? [] {
                known[topic] = nil
                staged[topic] = nil
                givenUp.insert(topic)
            }
        case "app.message", "task.log", "task.progress": event(message, naive)
        case "welcome": break
        default: faults.append("unexpected \(message.text)")
        }
    }

    private func snapshot(_ message: JSON, _ naive: NaiveHub) {
        guard let topic = message["topic"]?.string, let offset = message.offset, let state = message["state"] else {
            return faults.append("malformed \(message.text)")
        }
        if let had = known[topic], had > offset { faults.append("\(topic): snapshot \(offset) after \(had)") }
        staged[topic] = offset
        if topic.hasPrefix("app/") {
            let values = state["values"]?.text ?? ""
            let wanted = naive.values(topic, at: offset)
            if values != wanted { faults.append("\(topic) at \(offset): \(values), not \(wanted)") }
        } else if topic == "task/t" {
            let wanted = naive.task("t", at: offset)
            let log = state["log"]?.array?.compactMap { $0["message"]?.string } ?? []
            let current = state["task"]?["progress"]?["current"]?.int
            if log != wanted.log || current != wanted.current {
                faults.append("task/t at \(offset): \(log.suffix(3)) \(current ?? -1), not \(wanted)")
            }
        }
    }

    private func synced(_ message: JSON, _ naive: NaiveHub) {
        guard let offset = message.offset, let topics = message["topics"]?.array?.compactMap(\.string) else {
            return faults.append("malformed \(message.text)")
        }
        if let id = message["id"]?.string {
            guard let request = requests.removeValue(forKey: id),
                request.topics.filter({ topics.contains($0) || !givenUp.contains($0) }) == topics
            else { return faults.append("answered twice or with others: \(message.text)") }
            for topic in topics where staged[topic] == nil && known[topic] == nil {
                guard let since = request.since else { return faults.append("\(topic): synced without a snapshot") }
                known[topic] = since
            }
        } else {
            isRecovering = false
        }
        for topic in topics {
            if let position = staged.removeValue(forKey: topic) { known[topic] = position }
        }
        // Whoever leaves off here must have missed nothing, of no topic.
        for (topic, position) in known where staged[topic] == nil {
            checkNothingMissing(topic, after: position, before: offset + 1, naive)
        }
        for topic in topics { known[topic] = max(known[topic] ?? 0, offset) }
        remembered = offset
    }

    private func resync(_ message: JSON, _ journalOffset: Int) {
        let topics = message["topics"]?.array?.compactMap(\.string) ?? []
        switch message["reason"]?.string {
        case "slow":
            if !hasStalled { faults.append("resync slow for one that never stalled") }
            let missing = Set(known.keys).subtracting(topics)
            if !missing.isEmpty { faults.append("resync without \(missing)") }
            isRecovering = true
        case "history":
            let since = requests.values.compactMap(\.since).min() ?? .max
            if journalOffset - since <= historyLimit { faults.append("resync history after \(since)") }
        default: faults.append("unexpected \(message.text)")
        }
    }

    private func event(_ message: JSON, _ naive: NaiveHub) {
        guard let offset = message.offset, let happening = naive.happening(offset) else {
            return faults.append("no such event: \(message.text)")
        }
        let mark =
            message["data"]?.string ?? message["message"]?.string
            ?? message["progress"]?["current"]?.int.map(String.init)
        if mark != happening.mark || message.type != happening.event.type {
            faults.append("\(offset) says \(message.text), not \(happening.mark)")
        }
        if isRecovering { faults.append("\(offset) between resync and synced") }
        let replays = requests.values.filter { $0.since != nil }
        if let request = replays.first(where: { !Set($0.topics).isDisjoint(with: happening.topics) }) {
            for topic in happening.topics where request.topics.contains(topic) {
                if known[topic] == nil { known[topic] = request.since }
                advance(topic, to: offset, naive)
            }
            return
        }
        let mine = happening.topics.filter { known[$0] != nil }
        if mine.isEmpty { return faults.append("\(offset) of topics not subscribed: \(happening.topics)") }
        if offset <= lastLive { faults.append("\(offset) after \(lastLive)") }
        lastLive = offset
        remembered = max(remembered ?? 0, offset)
        for topic in mine {
            if staged[topic] != nil { faults.append("\(offset) between snapshot and synced of \(topic)") }
            advance(topic, to: offset, naive)
        }
    }

    private func advance(_ topic: String, to offset: Int, _ naive: NaiveHub) {
        let position = known[topic] ?? 0
        if offset <= position { faults.append("\(topic): \(offset) again, was at \(position)") }
        checkNothingMissing(topic, after: position, before: offset, naive)
        known[topic] = max(position, offset)
    }

    /// Everything between must have been replaced by something newer of its key.
    func checkNothingMissing(_ topic: String, after start: Int, before end: Int, _ naive: NaiveHub) {
        for happening in naive.events(of: topic, after: start, before: end) where !naive.isSuperseded(happening) {
            faults.append("\(topic): \(happening.offset) is missing between \(start) and \(end)")
        }
    }

    /// When nothing waits any more, everything has come.
    func checkComplete(_ naive: NaiveHub) {
        if !requests.isEmpty { faults.append("unanswered: \(requests)") }
        if !removals.isEmpty { faults.append("unanswered: \(removals)") }
        for (topic, position) in known {
            checkNothingMissing(topic, after: position, before: .max, naive)
        }
    }
}
