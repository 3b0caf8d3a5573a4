extension ModelGallery {
    /// What a change of a model sets; what is `nil` stays.
    package struct Changes: Hashable, Sendable {
        /// Zero bytes in it are dropped.
        package var name: String?
        /// An inner `nil` clears the type.
        package var type: String??
        /// Replaces the whole object.
        ///
        /// What is no object clears it; `images_count` in it counts for nothing.
        package var meta: JSON?
        /// Ids, which replace all; one that comes twice counts once.
        package var words: [Int]?
        /// Absolute; the file at it need not be there.
        package var path: String?

        package init() {}
    }

    /// Which models are listed.
    package struct Query: Hashable, Sendable {
        /// The exact type; `nil`: models whose type is missing, empty or not known.
        package var type: String?
        /// Stands in the name or the file's name, whatever the case of its letters; `nil` or empty asks for nothing.
        package var text: String?
        /// Ids of words that a model must all have.
        package var words: [Int] = []
        /// Ids of words of which a model must have none.
        package var excludedWords: [Int] = []
        /// How many at most; `nil` for all.
        package var limit: Int?
        /// How many of the first are left out.
        package var offset = 0

        package init(type: String?) {
            self.type = type
        }
    }

    /// The models of a type by name, then by hash; `nil`: those whose type is missing, empty or not known.
    package func models(ofType type: String?) async throws -> [ModelRecord] {
        try await models(Query(type: type)).models
    }

    /// The models that a query asks for, by name, then by hash; `total` is without `limit` and `offset`.
    package func models(_ query: Query) async throws -> (models: [ModelRecord], total: Int) {
        let store = library.store
        let known = folders.kinds.map(\.name)
        return try await threads.run { try store.models(query, knownTypes: known) }
    }

    /// One model; `nil` when there is none.
    package func model(_ hash: ContentHash) async throws -> ModelRecord? {
        let store = library.store
        return try await threads.run { try store.model(hash) }
    }

    /// Changes a model by what `changes` says of it as it is, and answers it as it is then; nothing is changed when it
    /// throws.
    ///
    /// A closure, since `Changes` given from one waiting function to another ends the process where Swift 6.3 optimises
    /// them ("freed pointer was not the last allocation"). Throws ``ModelGalleryError``: `unknownModel`, `unknownWord`; and what `changes` throws.
    package func change(
        _ hash: ContentHash,
        by changes: @escaping @Sendable (ModelRecord) throws -> Changes
    ) async throws -> ModelRecord {
        try await threads.run { [self] in
            try commit {
                let (before, after) = try library.store.changeModel(hash, by: changes)
                return (after, ModelChanges(models: before == after ? [] : [(.changed, after)]))
            }
        }
    }
}
