import Synchronization
import Testing

@testable import Domain

/// Updates that a watcher of the folders asks for.
@Suite(.timeLimit(.minutes(5)))
struct TakeInChangesTests {
    let test: TestLibrary
    let folder: TemporaryFolder
    let index: MediaIndex
    private let source = Source()
    private let tasks = Counter()
    /// The ends of quiet scans.
    private let ended = Heard<Void>()

    /// Says what a test lets it say.
    private final class Source: ChangeSource {
        let changes = Mutex(DirtyFolders.nothing)

        var dirty: DirtyFolders { changes.withLock { $0 } }

        func takeDirty() -> DirtyFolders {
            changes.withLock { changes in
                defer { changes = .nothing }
                return changes
            }
        }
    }

    private struct Refused: Error {}

    init() async throws {
        test = try TestLibrary()
        folder = try TemporaryFolder()
        try folder.makeFolder("r")
        try test.library.addRoot(folder.path + "/r")
        index = MediaIndex(library: test.library, threads: BlockingThreads(count: 2))
        test.library.passes.use(source)
        // At first nobody knows what happened while the server was away.
        try await index.update()
        let ended = self.ended
        index.connect(
            { [tasks] _ in
                _ = tasks.next()
                throw Refused()
            },
            afterScan: { ended.tell(()) }
        )
    }

    private func changed(_ names: String...) {
        source.changes.withLock { $0 = .folders(Set(names.map { ByteText(folder.path + "/" + $0) })) }
    }

    @Test("A few files are taken in without a task, many with one")
    func fewAndMany() async throws {
        try folder.write(try TestPicture.png(8, 8), "r/a/1.png")
        changed("r", "r/a")
        try await index.takeInChanges()
        #expect(try await index.count() == 1)
        #expect(tasks.value == 0)
        // What comes after a scan comes after a quiet one too.
        try await ended.next()
        for number in 0...Library.fewFiles { try folder.write([1], "r/a/\(number).txt") }
        changed("r/a")
        await #expect(throws: Refused.self) { try await index.takeInChanges() }
        #expect(tasks.value == 1)
    }

    @Test("What a person asks for is a task, and so is what nobody knows the extent of")
    func tasks() async throws {
        changed("r")
        await #expect(throws: Refused.self) { try await index.update() }
        source.changes.withLock { $0 = .unknown }
        await #expect(throws: Refused.self) { try await index.takeInChanges() }
        #expect(tasks.value == 2)
    }

    @Test("Folders count as expired until they have been taken in")
    func expired() async throws {
        #expect(try await index.expiredFolders() == [])
        changed("r")
        #expect(try await index.expiredFolders() == [folder.path + "/r"])
        try await index.takeInChanges()
        #expect(try await index.expiredFolders() == [])
    }

    @Test("An update finds the folder of an extra path that came after it was added")
    func lateFolder() async throws {
        try await index.addExtraPath(folder.path + "/late", types: ["scanned"])
        try folder.write(try TestPicture.png(8, 8), "late/1.png")
        try await index.takeInChanges()
        #expect(try test.library.roots().map(\.path).contains(folder.path + "/late"))
    }
}
