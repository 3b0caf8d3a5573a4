extension MediaIndex {
    /// What is known of these files, in their order; those that went meanwhile are left out.
    package func items(_ media: [IndexedMedia], withTexts: Bool = false) async throws -> [MediaItem] {
        try await threads.run { [library] in try library.store.mediaItems(media.map(\.id), withTexts: withTexts) }
    }

    /// The folders directly below a folder with files of the index in or below them, by path; those of the library
    /// itself for `nil`.
    ///
    /// `path` is absolute. Answers `nil` for a folder that the library does not know.
    package func folders(in path: String?) async throws -> [MediaFolder]? {
        try await threads.run { [library] in try library.store.mediaFolders(in: path) }
    }
}
