import Domain

/// A library of one root and whatever thumbnails it is given.
struct FakeLibrary: LibraryService {
    var thumbnails: [String: String] = [:]
    var contents: [String: ContentFile] = [:]

    func roots() async throws -> [LibraryRootSummary] {
        [LibraryRootSummary(id: 1, path: "/pictures", name: "pictures", files: 3)]
    }

    func contentFile(sha256: String) async throws -> ContentFile? { contents[sha256] }

    func thumbnailFile(sha256: String) async throws -> String? { thumbnails[sha256] }
}
