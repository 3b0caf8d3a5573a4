extension ModelGallery {
    /// All that wait, oldest first.
    package func pending() async throws -> [PendingModel] {
        let store = library.store
        return try await threads.run { try store.pendingModels() }
    }

    /// One that waits; `nil` when there is none.
    package func pending(id: Int) async throws -> PendingModel? {
        let store = library.store
        return try await threads.run { try store.pendingModel(id) }
    }

    /// Where a picture that waits lies, by its name without the suffix; `nil` when there is none.
    package func pendingPicture(named name: String) async throws -> String? { throw ModelGalleryError.unavailable }

    /// Where the first picture of a record lies.
    package func pendingPicture(of id: Int) async throws -> String? { throw ModelGalleryError.unavailable }

    /// Looks for models in the folders of a type, or of all; runs as a task with progress.
    ///
    /// Throws ``ModelGalleryError``: `unknownType`, `noFolders`.
    package func scan(type: String?) async throws -> ModelScanReport { throw ModelGalleryError.unavailable }
}
