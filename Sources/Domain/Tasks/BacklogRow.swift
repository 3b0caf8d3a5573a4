import HeapModule

/// The waiting tasks of one demand: a line for each kind, and the order of the lines' heads.
///
/// Of each line the heap of heads holds one entry with the line's stamp, never behind where the line's first task
/// belongs: what lets a line fall back (its first task leaves, its kind is served) is put right when the entry comes
/// to the top, what lets it advance adds an entry with a new stamp.
struct BacklogRow: Sendable {
    typealias Place = TaskBacklog.Place

    /// Where a line stands among the others.
    struct Head: Comparable, Sendable {
        let priority: Int
        /// When its kind was last served, in turns.
        let served: Int
        let created: Milliseconds
        let sequence: Int
        let kind: String
        let stamp: Int

        init(_ place: Place, served: Int, kind: String, stamp: Int) {
            priority = place.priority
            self.served = served
            created = place.created
            sequence = place.sequence
            self.kind = kind
            self.stamp = stamp
        }

        static func < (left: Head, right: Head) -> Bool {
            (-left.priority, left.served, left.created, left.sequence)
                < (-right.priority, right.served, right.created, right.sequence)
        }
    }

    private struct Line: Sendable {
        var places = Heap<Place>()
        var live = 0
        var stamp = 0
    }

    private var lines: [String: Line] = [:]
    private var heads = Heap<Head>()
    private var stamps = 0

    var isEmpty: Bool { lines.isEmpty }

    /// How many places there are, stale ones included.
    var places: Int { lines.values.reduce(0) { $0 + $1.places.count } }

    mutating func insert(_ place: Place, kind: String, served: Int) {
        let isFirst = lines[kind]?.places.min.map { place < $0 } ?? true
        lines[kind, default: Line()].places.insert(place)
        lines[kind, default: Line()].live += 1
        if isFirst { advance(kind, place, served) }
    }

    private mutating func advance(_ kind: String, _ place: Place, _ served: Int) {
        stamps += 1
        lines[kind]?.stamp = stamps
        heads.insert(Head(place, served: served, kind: kind, stamp: stamps))
        guard heads.count > 2 * lines.count + 64 else { return }
        heads = Heap(heads.unordered.filter { lines[$0.kind]?.stamp == $0.stamp })
    }

    /// Sorts a line in anew whose kind's turn was taken back.
    mutating func renew(kind: String, served: Int) {
        if let place = lines[kind]?.places.min { advance(kind, place, served) }
    }

    mutating func remove(kind: String, isLive: (Place) -> Bool) {
        guard var line = lines.removeValue(forKey: kind) else { return }
        line.live -= 1
        guard line.live > 0 else { return }
        if line.places.count > 2 * line.live + 64 { line.places = Heap(line.places.unordered.filter(isLive)) }
        lines[kind] = line
    }

    /// The first task of all lines, and its line's head.
    mutating func first(_ turns: KindTurns, _ isLive: (Place) -> Bool) -> (head: Head, place: Place)? {
        while let head = heads.min {
            guard lines[head.kind]?.stamp == head.stamp, let place = first(of: head.kind, isLive) else {
                heads.removeMin()
                continue
            }
            let present = Head(place, served: turns[head.kind], kind: head.kind, stamp: head.stamp)
            if present == head { return (head, place) }
            heads.replaceMin(with: present)
        }
        return nil
    }

    private mutating func first(of kind: String, _ isLive: (Place) -> Bool) -> Place? {
        while let place = lines[kind]?.places.min {
            if isLive(place) { return place }
            lines[kind]?.places.removeMin()
        }
        return nil
    }
}
