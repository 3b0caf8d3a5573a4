extension ModelGallery {
    /// What a change of a model sets; what is `nil` stays.
    package struct Changes: Hashable, Sendable {
        package var name: String?
        /// An inner `nil` clears the type.
        package var type: String??
        package var meta: JSON?
        /// Ids; replaces all.
        package var words: [Int]?

        package init() {}
    }

    /// The models of a type by name, then by hash; `nil`: those whose type is missing, empty or not known.
    package func models(ofType type: String?) async throws -> [ModelRecord] { throw ModelGalleryError.unavailable }

    /// One model; `nil` when there is none.
    package func model(_ hash: ContentHash) async throws -> ModelRecord? { throw ModelGalleryError.unavailable }

    /// Changes a model and answers it as it is then.
    ///
    /// Throws ``ModelGalleryError``: `unknownModel`, `unknownWord`.
    package func change(_ hash: ContentHash, _ changes: Changes) async throws -> ModelRecord {
        throw ModelGalleryError.unavailable
    }

    /// All words, by name.
    package func words() async throws -> [ModelWord] { throw ModelGalleryError.unavailable }

    /// The words of these names in this order, made where they are missing.
    package func addWords(_ names: [String]) async throws -> [ModelWord] { throw ModelGalleryError.unavailable }
}
