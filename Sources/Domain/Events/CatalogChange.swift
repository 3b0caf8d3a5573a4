/// Something known by its name came, changed or went: a model, a tag, a collection (contracts/realtime.md §5).
package struct CatalogChange: Hashable, Sendable {
    /// What became of it.
    package enum Action: String, CaseIterable, Sendable {
        case added
        case changed
        case removed
    }

    package var action: Action
    package var name: String
    /// The thing as it is now; `nil` when there is no more to say than its name.
    package var item: JSON?

    package init(_ action: Action, name: String, item: JSON? = nil) {
        self.action = action
        self.name = name
        self.item = item
    }
}
