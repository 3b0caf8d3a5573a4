import ServiceLifecycle
import Synchronization
import Testing

@testable import Domain

/// Imports that the end of the server cuts short.
struct ModelImportShutdownTests {
    /// A service that imports records once, and keeps what came of it.
    private final class Caller: Service {
        let gallery: ModelGallery
        let ids: [Int]
        private let answer = Mutex<Result<[ModelImport.Outcome], any Error>?>(nil)

        init(_ gallery: ModelGallery, _ ids: [Int]) {
            self.gallery = gallery
            self.ids = ids
        }

        var result: Result<[ModelImport.Outcome], any Error>? { answer.withLock { $0 } }

        func run() async throws {
            do {
                let outcomes = try await gallery.importModels(ids, strategy: nil)
                answer.withLock { $0 = .success(outcomes) }
            } catch {
                answer.withLock { $0 = .failure(error) }
            }
        }
    }

    private let bed: GalleryBed

    init() throws { bed = try GalleryBed() }

    /// Two records, of which the second cannot be read before its turn is given back.
    private func records() throws -> (ids: [Int], hashes: [ContentHash]) {
        let ids = [try bed.pending("a", [1]), try bed.pending("b", [2])]
        #expect(bed.gallery.hashTurns.begin(ids[1], stop: StopFlag()) == .free)
        return (ids, [try #require(ContentHash(of: [1])), try #require(ContentHash(of: [2]))])
    }

    private func untilTaken(_ hash: ContentHash) async throws {
        while try await bed.gallery.model(hash) == nil { await Task.yield() }
    }

    @Test("An import that a shutdown cuts short goes on after the next start, and tells the whole story")
    func resumed() async throws {
        let (ids, hashes) = try records()
        var call: Task<[ModelImport.Outcome], any Error>?
        try await bed.serving { [bed] _ in
            call = Task { try await bed.gallery.importModels(ids, strategy: nil) }
            try await untilTaken(hashes[0])
        }
        #expect(try await bed.gallery.pending().map(\.id) == [ids[1]])
        bed.gallery.hashTurns.end(ids[1])
        try await bed.serving { _ in
            let outcomes = try await call?.value
            #expect(outcomes == hashes.map { .success($0) })
        }
        #expect(try await bed.gallery.models(ofType: "loras").map(\.hash) == hashes)
    }

    @Test("A call that waits for a task ends when the server shuts down, and the task waits for the next start")
    func endedCall() async throws {
        let (ids, hashes) = try records()
        let caller = Caller(bed.gallery, ids)
        try await bed.serving(with: [caller]) { _ in try await untilTaken(hashes[0]) }
        #expect(throws: CancellationError.self) { try caller.result?.get() }
        let requeued = bed.test.events().compactMap { event -> RequeueReason? in
            if case .taskRequeued(_, attempt: _, let reason) = event { reason } else { nil }
        }
        #expect(requeued == [.shutdown])
        #expect(try await bed.gallery.pending().map(\.id) == [ids[1]])
    }

    @Test("A call that does the work itself ends when the server shuts down")
    func endedWork() async throws {
        let (ids, hashes) = try records()
        let caller = Caller(bed.gallery, ids)
        try await bed.serving(with: [caller], connects: false) { _ in try await untilTaken(hashes[0]) }
        #expect(throws: CancellationError.self) { try caller.result?.get() }
        #expect(try await bed.gallery.pending().map(\.id) == [ids[1]])
    }
}
