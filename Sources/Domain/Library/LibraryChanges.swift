/// What one transaction did to the library, for the events that tell of it.
struct LibraryChanges: Sendable {
    var added: [LibraryItem] = []
    var changed: [LibraryItem] = []
    var removed: [LibraryItem.Removed] = []
    /// The tags that people give pictures: which came, changed or went.
    var tags: [CatalogChange] = []
    /// How many files have another content at the same path.
    var rewritten = 0
    /// How many files only got another path.
    var moved = 0
    /// How many files went of which nobody was told, because they had no content yet.
    var untold = 0
    /// The counts after the transaction.
    var counts = LibraryCounts()

    /// The events, each with at most ``Event/itemsLimit`` items; the counts are not among them.
    ///
    /// Tags come before the files that have them, and go after the files that had them.
    var events: [Event] {
        // What was changed and then removed is not told of after its removal.
        let gone = Set(removed.map(\.id))
        let changed = gone.isEmpty ? changed : changed.filter { !gone.contains($0.id) }
        return tags.filter { $0.action != .removed }.map(Event.pictureTagsChanged)
            + Self.batches(removed).map(Event.libraryRemoved) + Self.batches(added).map(Event.libraryAdded)
            + Self.batches(changed).map(Event.libraryChanged)
            + tags.filter { $0.action == .removed }.map(Event.pictureTagsChanged)
    }

    private static func batches<Element>(_ items: [Element]) -> [[Element]] {
        stride(from: 0, to: items.count, by: Event.itemsLimit).map {
            Array(items[$0..<min($0 + Event.itemsLimit, items.count)])
        }
    }
}
