extension ModelGallery {
    /// All that wait, oldest first.
    package func pending() async throws -> [PendingModel] { throw ModelGalleryError.unavailable }

    /// One that waits; `nil` when there is none.
    package func pending(id: Int) async throws -> PendingModel? { throw ModelGalleryError.unavailable }

    /// Takes records in, one after the other, each for itself; hashing is a task with progress.
    package func importModels(_ ids: [Int], strategy: ModelImport.Strategy?) async throws -> [ModelImport.Outcome] {
        throw ModelGalleryError.unavailable
    }

    /// Looks for models in the folders of a type, or of all; runs as a task with progress.
    ///
    /// Throws ``ModelGalleryError``: `unknownType`, `noFolders`.
    package func scan(type: String?) async throws -> ModelScanReport { throw ModelGalleryError.unavailable }
}
