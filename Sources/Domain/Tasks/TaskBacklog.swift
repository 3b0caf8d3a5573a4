import HeapModule

/// Who waits for whom: one heap for each different demand, so that a claim looks only at tasks it can take.
///
/// A task that leaves before its turn stays in its heap as a stale place until it comes to the top or the stale
/// places outnumber the others; what is stale, the owner says.
struct TaskBacklog: Sendable {
    /// What a task needs of the one who runs it.
    enum Demand: Hashable, Sendable {
        /// A kind that is built in; exclusive ones have a line each, by name, the others share that of "".
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

    private struct Line: Sendable {
        var places = Heap<Place>()
        var live = 0
    }

    private var lines: [Demand: Line] = [:]
    /// The demands by their first capability in alphabetical order, "" for demands without any.
    private var anchors: [String: Set<Demand>] = [:]

    /// How many places there are, stale ones included.
    var places: Int { lines.values.reduce(0) { $0 + $1.places.count } }

    /// Whether a task of one of these demands waits.
    func holds(_ demands: [Demand]) -> Bool { demands.contains { lines[$0] != nil } }

    private static func anchor(_ demand: Demand) -> String? {
        guard case .worker(let capabilities) = demand else { return nil }
        return capabilities.min() ?? ""
    }

    /// Lines a task up.
    mutating func insert(_ place: Place, _ demand: Demand) {
        if lines[demand] == nil, let anchor = Self.anchor(demand) { anchors[anchor, default: []].insert(demand) }
        lines[demand, default: Line()].places.insert(place)
        lines[demand, default: Line()].live += 1
    }

    /// Notes that one task of `demand` no longer waits; `isLive` says of a place whether its task still does.
    mutating func remove(_ demand: Demand, isLive: (Place) -> Bool) {
        guard var line = lines.removeValue(forKey: demand) else { return }
        line.live -= 1
        guard line.live > 0 else {
            if let anchor = Self.anchor(demand) {
                anchors[anchor]?.remove(demand)
                if anchors[anchor]?.isEmpty == true { anchors[anchor] = nil }
            }
            return
        }
        if line.places.count > 2 * line.live + 64 { line.places = Heap(line.places.unordered.filter(isLive)) }
        lines[demand] = line
    }

    /// The first task of one of these demands.
    mutating func first(of demands: [Demand], isLive: (Place) -> Bool) -> Place? {
        var best: Place?
        for demand in demands {
            guard let place = first(demand, isLive) else { continue }
            if best.map({ place < $0 }) ?? true { best = place }
        }
        return best
    }

    /// The first task that a worker with `capabilities` can take.
    mutating func first(capabilities: Set<String>, isLive: (Place) -> Bool) -> Place? {
        var best: Place?
        for anchor in capabilities.union([""]) {
            for demand in anchors[anchor] ?? [] {
                guard case .worker(let needed) = demand, needed.isSubset(of: capabilities) else { continue }
                guard let place = first(demand, isLive) else { continue }
                if best.map({ place < $0 }) ?? true { best = place }
            }
        }
        return best
    }

    private mutating func first(_ demand: Demand, _ isLive: (Place) -> Bool) -> Place? {
        while let place = lines[demand]?.places.min {
            if isLive(place) { return place }
            lines[demand]?.places.removeMin()
        }
        return nil
    }
}
