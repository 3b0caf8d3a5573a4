import Domain

/// A library of one root and whatever thumbnails it is given.
struct FakeLibrary: LibraryService {
    var thumbnails: [String: String] = [:]

    func roots() async throws -> [LibraryRootSummary] {
        [LibraryRootSummary(id: 1, path: "/pictures", name: "pictures", files: 3)]
    }

    func thumbnailFile(sha256: String) async throws -> String? { thumbnails[sha256] }
}
