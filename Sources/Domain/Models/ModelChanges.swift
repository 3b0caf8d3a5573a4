/// What one transaction did to the gallery, for the events that tell of it.
struct ModelChanges: Sendable {
    /// Models as they are now, and whether they came or changed.
    var models: [(action: CatalogChange.Action, model: ModelRecord)] = []
    /// New words.
    var words: [ModelWord] = []

    /// The events, in the order of the changes; words come before the models that have them.
    var events: [Event] {
        words.map { .tagsChanged(CatalogChange(.added, name: $0.name, item: $0.json)) }
            + models.map { .modelsChanged(CatalogChange($0.action, name: $0.model.shownName, item: $0.model.json)) }
    }
}
