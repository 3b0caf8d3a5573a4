/// Values that were wanted lately, within a bound; those that were not wanted again go first.
///
/// A hand goes round over all of them and takes out what nobody asked for since it last passed: nearly the order of
/// use, without a list to keep.
struct RecentlyUsed<Key: Hashable, Value> {
    private struct Slot {
        var key: Key
        var value: Value
        var cost: Int
        var isWanted: Bool
    }

    /// The greatest sum of costs.
    let limit: Int
    private(set) var cost = 0
    private var slots: [Slot] = []
    private var places: [Key: Int] = [:]
    private var hand = 0

    init(limit: Int) {
        self.limit = limit
    }

    var count: Int { slots.count }

    /// The value of a key, which counts as wanted.
    mutating func value(_ key: Key) -> Value? {
        guard let place = places[key] else { return nil }
        slots[place].isWanted = true
        return slots[place].value
    }

    /// Puts a value in, in place of what the key had, and takes others out until all fit.
    ///
    /// What costs more than an eighth of the bound is not kept.
    mutating func insert(_ value: Value, for key: Key, cost: Int) {
        if let place = places[key] { remove(place) }
        guard cost <= limit / 8 else { return }
        while self.cost + cost > limit, !slots.isEmpty { makeRoom() }
        places[key] = slots.count
        slots.append(Slot(key: key, value: value, cost: cost, isWanted: false))
        self.cost += cost
    }

    /// Takes out what the hand meets first that is not wanted.
    private mutating func makeRoom() {
        while true {
            if hand >= slots.count { hand = 0 }
            guard slots[hand].isWanted else { return remove(hand) }
            slots[hand].isWanted = false
            hand += 1
        }
    }

    private mutating func remove(_ place: Int) {
        let last = slots.count - 1
        cost -= slots[place].cost
        places[slots[place].key] = nil
        if place != last {
            slots[place] = slots[last]
            places[slots[place].key] = place
        }
        slots.removeLast()
    }
}
