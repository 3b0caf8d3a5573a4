/// When each kind of task was last served, counted in turns: what makes the queue fair between kinds.
struct KindTurns: Sendable {
    /// How many kinds are remembered; past it those served longest ago are forgotten, as if they never had been.
    static let limit = 1000

    private var last: [String: Int] = [:]
    private var count = 0

    /// The turn of a kind; 0 when it never had one.
    subscript(kind: String) -> Int { last[kind] ?? 0 }

    mutating func serve(_ kind: String) {
        count += 1
        last[kind] = count
        guard last.count > Self.limit else { return }
        let kept = last.values.sorted().dropFirst(Self.limit / 2).first ?? 0
        last = last.filter { $0.value >= kept }
    }

    /// The kinds whose turn differs.
    func kinds(otherThan other: KindTurns) -> [String] {
        guard count != other.count else { return [] }
        return last.keys.filter { last[$0] != other.last[$0] }
    }
}
