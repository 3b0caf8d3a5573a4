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
}
