import Domain

/// Changes on their way into messages of moderate size; of each key only the newest goes.
struct ClusterChanges {
    private static let itemsLimit = 200

    private var changes: [ClusterChange?] = []
    private var places: [String: Int] = [:]

    /// Adds the newest change.
    mutating func append(_ change: ClusterChange) {
        if let key = change.key {
            if let place = places[key] { changes[place] = nil }
            places[key] = changes.count
        }
        changes.append(change)
    }

    /// The changes in order, so many to a message.
    var messages: [[ClusterChange]] {
        let kept = changes.compactMap(\.self)
        return stride(from: 0, to: kept.count, by: Self.itemsLimit).map {
            Array(kept[$0..<min($0 + Self.itemsLimit, kept.count)])
        }
    }
}
