/// The present state of topic `library`: how much there is, and what came last.
package struct LibraryBoard: Sendable {
    /// How many of the newest items a snapshot shows.
    package static let newestLimit = 24

    package private(set) var counts = LibraryCounts()
    /// Newest first.
    package private(set) var newest: [LibraryItem] = []

    /// An empty library.
    package init() {}

    /// Takes over what the store holds at start; `newest` begins with the newest.
    package mutating func load(counts: LibraryCounts, newest: [LibraryItem]) {
        self.counts = counts
        self.newest = Array(newest.prefix(Self.newestLimit))
    }

    /// Folds one event in; events of other topics change nothing.
    package mutating func apply(_ event: Event) {
        switch event {
        case .libraryAdded(let items):
            newest = Array((items.suffix(Self.newestLimit).reversed() + newest).prefix(Self.newestLimit))
        case .libraryChanged(let items):
            for item in items {
                if let index = newest.firstIndex(where: { $0.id == item.id }) { newest[index] = item }
            }
        case .libraryRemoved(let items):
            let gone = Set(items.map(\.id))
            newest.removeAll { gone.contains($0.id) }
        case .libraryCounts(let counts): self.counts = counts
        default: break
        }
    }
}
