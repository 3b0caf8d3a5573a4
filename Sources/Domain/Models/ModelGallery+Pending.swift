extension ModelGallery {
    /// All that wait, oldest first.
    package func pending() async throws -> [PendingModel] { throw ModelGalleryError.unavailable }

    /// One that waits; `nil` when there is none.
    package func pending(id: Int) async throws -> PendingModel? { throw ModelGalleryError.unavailable }

    /// Where a picture that waits lies, by its name without the suffix; `nil` when there is none.
    package func pendingPicture(named name: String) async throws -> String? { throw ModelGalleryError.unavailable }

    /// Where the first picture of a record lies.
    package func pendingPicture(of id: Int) async throws -> String? { throw ModelGalleryError.unavailable }

    /// Takes records in, one after the other, each for itself; hashing is a task with progress.
    package func importModels(_ ids: [Int], strategy: ModelImport.Strategy?) async throws -> [ModelImport.Outcome] {
        throw ModelGalleryError.unavailable
    }
}
