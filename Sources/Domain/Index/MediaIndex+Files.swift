extension MediaIndex {
    /// What is known of the file with this id; `nil` when the index has none.
    package func media(ofFile id: Int) async throws -> IndexedMedia? {
        try await threads.run { [library] in try library.store.media(ofFile: id) }
    }
}
