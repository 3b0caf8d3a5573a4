package import OrderedCollections

/// How many there are of something that the topics `models` and `tags` tell of (contracts/realtime.md §5).
package struct CountBoard: Sendable {
    /// The name of the count.
    private let name: String
    private var count = 0

    /// Nothing yet; `name` is what the things are called.
    package init(_ name: String) {
        self.name = name
    }

    /// The counts by name.
    package var counts: OrderedDictionary<String, Int> { [name: count] }

    /// Takes over what the store holds at start.
    package mutating func load(_ count: Int) {
        self.count = count
    }

    /// Folds one change in.
    package mutating func apply(_ change: CatalogChange) {
        switch change.action {
        case .added: count += 1
        case .removed: count -= 1
        case .changed: break
        }
    }
}
