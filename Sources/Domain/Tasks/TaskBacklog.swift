import HeapModule

/// Who waits for whom: one line for each different demand and kind, so that a claim looks only at tasks it can take.
///
/// Within a line greater priority goes first, then age. Between the lines of a demand the heads decide: greater
/// priority first, then the kind that was served longest ago, then age. A task that leaves before its turn stays in
/// its line as a stale place until it comes to the top or the stale places outnumber the others; what is stale, the
/// owner says.
struct TaskBacklog: Sendable {
    /// What a task needs of the one who runs it.
    enum Demand: Hashable, Sendable {
        /// A kind that is built in; exclusive ones have a demand each, by name, the others share that of "".
        case server(String)
        /// A worker that has all of these capabilities.
        case worker(Set<String>)
    }

    /// A task's place in the order: greater priority first, then the older.
    struct Place: Comparable, Sendable {
        let priority: Int
        let created: Milliseconds
        let sequence: Int
        let task: String
        /// Tells this place from earlier ones of the same task.
        let version: Int

        static func < (left: Place, right: Place) -> Bool {
            (-left.priority, left.created, left.sequence) < (-right.priority, right.created, right.sequence)
        }
    }

    private var rows: [Demand: BacklogRow] = [:]
    /// The workers' demands by their first capability in alphabetical order, "" for demands without any.
    private var anchors: [String: Set<Demand>] = [:]
    private(set) var turns = KindTurns()

    /// How many places there are, stale ones included.
    var places: Int { rows.values.reduce(0) { $0 + $1.places } }

    /// Whether any task waits for a worker.
    var waitsForWorkers: Bool { !anchors.isEmpty }

    /// Whether a task of this demand waits.
    func holds(_ demand: Demand) -> Bool { rows[demand] != nil }

    private static func anchor(_ demand: Demand) -> String? {
        guard case .worker(let capabilities) = demand else { return nil }
        return capabilities.min() ?? ""
    }

    // MARK: - Coming and going

    /// Lines a task of a kind up.
    mutating func insert(_ place: Place, _ demand: Demand, kind: String) {
        if rows[demand] == nil, let anchor = Self.anchor(demand) { anchors[anchor, default: []].insert(demand) }
        rows[demand, default: BacklogRow()].insert(place, kind: kind, served: turns[kind])
    }

    /// Notes that one task no longer waits; `isLive` says of a place whether its task still does.
    mutating func remove(_ demand: Demand, kind: String, isLive: (Place) -> Bool) {
        rows[demand]?.remove(kind: kind, isLive: isLive)
        guard rows[demand]?.isEmpty == true else { return }
        rows[demand] = nil
        guard let anchor = Self.anchor(demand) else { return }
        anchors[anchor]?.remove(demand)
        if anchors[anchor]?.isEmpty == true { anchors[anchor] = nil }
    }

    /// Notes that it was the turn of this kind.
    mutating func serve(kind: String) { turns.serve(kind) }

    /// Takes turns back, as if they had not come.
    mutating func setTurns(_ former: KindTurns) {
        let changed = turns.kinds(otherThan: former)
        turns = former
        guard !changed.isEmpty else { return }
        for demand in rows.keys {
            for kind in changed { rows[demand]?.renew(kind: kind, served: turns[kind]) }
        }
    }

    // MARK: - Who is next

    /// The first task of one of these demands.
    mutating func first(of demands: some Sequence<Demand>, isLive: (Place) -> Bool) -> Place? {
        var best: (head: BacklogRow.Head, place: Place)?
        for demand in demands {
            guard let first = rows[demand]?.first(turns, isLive) else { continue }
            if best.map({ first.head < $0.head }) ?? true { best = first }
        }
        return best?.place
    }

    /// The first task that a worker with `capabilities` can take and whose demand is not in `passing`.
    mutating func first(
        capabilities: Set<String>,
        passing: (Demand) -> Bool,
        isLive: (Place) -> Bool
    ) -> Place? {
        first(of: demands(within: capabilities).filter { !passing($0) }, isLive: isLive)
    }

    /// The demands of waiting tasks that a worker with `capabilities` fulfils.
    func demands(within capabilities: Set<String>) -> [Demand] {
        var found: [Demand] = []
        for anchor in capabilities.union([""]) {
            for demand in anchors[anchor] ?? [] {
                if case .worker(let needed) = demand, needed.isSubset(of: capabilities) { found.append(demand) }
            }
        }
        return found
    }
}
