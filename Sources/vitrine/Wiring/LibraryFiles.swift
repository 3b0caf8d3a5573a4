import Dispatch
import Domain

/// The library as REST asks for it; the disk is read on a thread that may block.
struct LibraryFiles: LibraryService {
    let library: Library
    let data: DataDirectory
    private let queue = DispatchQueue(label: "library.reads", attributes: .concurrent)

    init(library: Library, data: DataDirectory) {
        self.library = library
        self.data = data
    }

    func roots() async throws -> [LibraryRootSummary] {
        try await onQueue { [library] in try library.rootSummaries() }
    }

    func contentFile(sha256: String) async throws -> ContentFile? {
        guard let hash = ContentHash(hex: sha256) else { return nil }
        return try await onQueue { [library] in try library.contentFile(hash) }
    }

    func thumbnailFile(sha256: String) async throws -> String? {
        guard let hash = ContentHash(hex: sha256) else { return nil }
        return data.thumbnail(hash)
    }

    private func onQueue<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: body)) }
        }
    }
}
