/// The library, as those see it who show it.
package protocol LibraryService: Sendable {
    /// The folders that are scanned.
    func roots() async throws -> [LibraryRootSummary]

    /// A file that holds a content as the library knows it; `nil` when there is none. `sha256` is 64 lower-case hex digits.
    func contentFile(sha256: String) async throws -> ContentFile?

    /// Where the thumbnail of a content lies on disk; `nil` when there is none. `sha256` is 64 lower-case hex digits.
    func thumbnailFile(sha256: String) async throws -> String?
}

/// One folder that is scanned.
package struct LibraryRootSummary: Hashable, Sendable {
    /// The root's id in the library, from 1.
    package var id: Int
    /// The folder's absolute path.
    package var path: String
    /// What people call it.
    package var name: String
    /// How many files of the library lie below it.
    package var files: Int

    /// A root as the library knows it.
    package init(id: Int, path: String, name: String, files: Int) {
        self.id = id
        self.path = path
        self.name = name
        self.files = files
    }
}
