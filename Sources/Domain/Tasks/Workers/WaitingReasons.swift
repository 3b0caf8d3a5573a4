/// What the queued tasks of each demand of workers have been said to wait for.
///
/// All queued tasks of a demand say the same, so that a worker's coming and going is told with one event a demand.
struct WaitingReasons: Sendable {
    typealias Demand = TaskBacklog.Demand

    private struct Line: Sendable {
        /// How many tasks of the demand are queued, those on offer included.
        var queued = 0
        var told: String?
        /// Whether somebody may have missed what was told.
        var mustTell = false
    }

    private var lines: [Demand: Line] = [:]
    /// The demands of which something else may have to be said.
    private var unsettled: Set<Demand> = []
    /// What has changed since the checkpoint, as it was.
    private var former: [Demand: Line?]?

    /// What was last told of a demand.
    func told(_ demand: Demand) -> String? { lines[demand]?.told }

    /// Remembers this state for ``rollback()``.
    mutating func checkpoint() { former = [:] }

    /// Goes back to the checkpoint; what has changed since is looked at again.
    mutating func rollback() {
        for (demand, line) in former ?? [:] {
            lines[demand] = line
            unsettled.insert(demand)
        }
        former = nil
    }

    private mutating func change(_ demand: Demand, _ body: (inout Line?) -> Void) {
        guard case .worker = demand else { return }
        if former != nil, former?[demand] == nil { former?.updateValue(lines[demand], forKey: demand) }
        body(&lines[demand])
        unsettled.insert(demand)
    }

    /// Counts a queued task in; whether it is the first of its demand, which must begin.
    mutating func insert(_ demand: Demand) -> Bool {
        change(demand) {
            $0 = $0 ?? Line()
            $0?.queued += 1
        }
        return lines[demand]?.queued == 1
    }

    /// Counts a task out that is not queued any more.
    mutating func remove(_ demand: Demand) {
        change(demand) {
            $0?.queued -= 1
            if $0?.queued == 0 { $0 = nil }
        }
    }

    /// Says of the first task of a demand what it waits for; its own event tells everyone.
    mutating func begin(_ demand: Demand, _ reason: String?) {
        change(demand) { $0?.told = reason }
    }

    /// Has the reason of a demand looked at again.
    mutating func unsettle(_ demand: Demand) {
        if lines[demand] != nil { unsettled.insert(demand) }
    }

    /// Has the reason of a demand told again, even when it is the same.
    mutating func repeatReason(of demand: Demand) {
        change(demand) { $0?.mustTell = true }
    }

    /// The demands whose reasons are to be looked at; the next call has new ones.
    mutating func takeUnsettled() -> [Demand] {
        defer { unsettled.removeAll() }
        return unsettled.filter { lines[$0] != nil }
    }

    /// Notes the present reason of a demand; whether it is to be told.
    mutating func tell(_ demand: Demand, _ reason: String?) -> Bool {
        guard let line = lines[demand] else { return false }
        guard reason != line.told || line.mustTell else { return false }
        change(demand) {
            $0?.told = reason
            $0?.mustTell = false
        }
        unsettled.remove(demand)
        return reason != line.told || reason != nil
    }
}
