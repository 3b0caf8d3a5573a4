import Foundation
import GRDB
import Synchronization
import Testing

@testable import Domain

/// Updates and rebuilds as callers ask for them.
struct IndexUpdatingTests {
    let index: IndexUnderTest

    init() throws { index = try IndexUnderTest() }

    /// Someone who watches and says what the test told him.
    private final class Watcher: ChangeSource {
        private let changes = Mutex(DirtyFolders.nothing)

        func say(_ folders: [String]) {
            changes.withLock { $0 = $0.joined(.folders(Set(folders.map { ByteText($0) }))) }
        }

        var dirty: DirtyFolders { changes.withLock { $0 } }

        func takeDirty() -> DirtyFolders {
            changes.withLock { changes in
                defer { changes = .nothing }
                return changes
            }
        }
    }

    @Test("An update takes in what is there, and answers when searches find it")
    func update() async throws {
        #expect(try await index.index.count() == 0)
        try index.write(TestPicture.described(3, ""), "a/x.png")
        try await index.index.update()
        #expect(try await index.index.count() == 1)
        try index.write(TestPicture.described(4, ""), "b/y.png")
        try await index.index.update()
        #expect(try await index.index.count() == 2)
    }

    @Test("An update looks only where something changed, and new folders are walked whole")
    func dirtyFolders() async throws {
        let watcher = Watcher()
        index.test.library.passes.use(watcher)
        for name in ["a/x.png", "a/deep/y.png", "b/z.png"] {
            try index.write(TestPicture.described(name.utf8.count, ""), name)
        }
        // Nobody knows what happened before the watching began.
        try await index.index.update()
        #expect(try await index.index.count() == 3)
        try await index.index.update()
        try index.write(TestPicture.described(20, ""), "a/new.png")
        try index.write(TestPicture.described(21, ""), "b/unseen.png")
        try index.write(TestPicture.described(22, ""), "a/fresh/er/n.png")
        try index.write(TestPicture.described(23, ""), "a/deep/unseen.png")
        watcher.say([index.root + "/a"])
        try await index.index.update()
        #expect(try index.id("a/new.png") != nil && index.id("a/fresh/er/n.png") != nil)
        #expect(try index.id("b/unseen.png") == nil && index.id("a/deep/unseen.png") == nil)
        // A folder that is gone is looked for from its parent.
        try index.folder.remove("root/a/deep")
        watcher.say([index.root + "/a/deep"])
        try await index.index.update()
        #expect(try index.id("a/deep/y.png") == nil)
    }

    @Test("When nothing changed an update answers without a scan")
    func nothing() async throws {
        let watcher = Watcher()
        index.test.library.passes.use(watcher)
        try await index.index.update()
        let passes = Counter()
        index.test.library.passes.whenIndexed { _ = passes.next() }
        for _ in 0..<3 { try await index.index.update() }
        #expect(passes.value == 0)
    }

    @Test("Whoever asks while a pass runs gets what changed before the asking")
    func joining() async throws {
        // Each update is asked for after its file was written, while others' passes run.
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<24 {
                group.addTask { [index] in
                    try index.write(TestPicture.described(number + 1, ""), "\(number % 3)/\(number).png")
                    try await index.index.update()
                    return try index.id("\(number % 3)/\(number).png") != nil
                }
            }
            for try await isThere in group { #expect(isThere) }
        }
        #expect(try await index.index.count() == 24)
    }

    @Test("An update that is asked for while contents are hashed does not wait for them")
    func whileHashing() async throws {
        for number in 0..<600 { try index.write(TestPicture.described(number + 1, ""), "\(number).png") }
        let library = index.test.library
        let begun = Mutex<(@Sendable () -> Void)?>(nil)
        let wanted = Checked()
        let scanner = Scanner(library: library, threads: 2) {
            guard try library.store.mediaCount() == 600, wanted.results.isEmpty else { return }
            // Hashing has begun: someone asks, and this commit does not wait for the answer.
            wanted.note(true)
            begun.withLock { $0?() }
        }
        let answered = Checked()
        begun.withLock { begun in
            begun = {
                let request = library.passes.request(.update, id: "x") { result in
                    let files = (try? library.libraryCounts().files) ?? 600
                    answered.note(files < 600 && (try? result.get()) != nil)
                }
                if case .waiting = request { wanted.note(true) }
            }
        }
        let session = ScanSession(scanner: scanner, stop: StopFlag(), progress: { _, _, _ in }, log: { _, _ in })
        _ = try session.run(.scan(folder: nil, full: false), id: "t")
        #expect(wanted.results == [true, true] && answered.results == [true])
        #expect(try library.libraryCounts().files == 600)
        #expect(try index.problems() == [])
    }

    @Test("A failing scan is told to who waits, and the next one makes it good")
    func failing() async throws {
        let library = index.test.library
        index.index.connect { request in throw TaskError.badParams(.init(code: "no", message: request.name)) }
        await #expect(throws: TaskError.self) { try await index.index.update() }
        try index.write(TestPicture.described(3, ""), "x.png")
        let scanner = Scanner(library: library, threads: 1) { throw SystemError(code: 5, action: "disk") }
        index.index.connect { request in
            let session = ScanSession(scanner: scanner, stop: StopFlag(), progress: { _, _, _ in }, log: { _, _ in })
            OwnThreads.detach("scan") { _ = try? session.run(.changes, id: request.id ?? "") }
        }
        await #expect(throws: SystemError.self) { try await index.index.update() }
        index.index.connect { [index] request in
            let kind = ScanKind(library: library)
            _ = try await kind.run(index.test.context(request.params))
        }
        try await index.index.update()
        #expect(try await index.index.count() == 1)
    }

    @Test("A task that is cancelled before it begins fails those who wait for it")
    func cancelled() async throws {
        let journal = index.test.library.journal
        index.index.connect { request in
            var record = TaskRecord(id: request.id ?? "", name: "scan", params: request.params, created: 1)
            record.state = .cancelled
            journal.publish(.taskFinished(record))
        }
        await #expect(throws: TaskRecord.Failure.self) { try await index.index.update() }
    }

    @Test("A rebuild replaces automatic tags and drops unused ones; ids, custom tags and people's texts stay")
    func rebuild() async throws {
        let path = try index.write(TestPicture.described(8, TestPicture.prompt("red castle")), "x.png")
        try index.write(TestPicture.described(9, TestPicture.prompt("fog")), "y.png")
        try await index.index.update()
        try index.tag("x.png", "mine")
        try await index.index.setText("my words", of: path)
        let id = try index.id("x.png")
        try index.scan()
        let offset = index.test.library.journal.read { $0.offset }
        try await index.store.pool.write { database in
            try database.execute(sql: "INSERT INTO tag (name, type) VALUES ('nobody', 'pos'), ('kept', 'custom')")
            try database.execute(sql: "UPDATE media SET tags = '[]'")
        }
        try await index.index.rebuild()
        #expect(try index.id("x.png") == id)
        #expect(try index.tags("x.png") == ["mine"])
        #expect(try index.column("text", "x.png") == "my words")
        let names = try await index.store.pool.read { try Set(String.fetchAll($0, sql: "SELECT name FROM tag")) }
        #expect(names.isSuperset(of: ["red castle", "fog", "kept", "mine", "like"]) && !names.contains("nobody"))
        #expect(index.test.library.journal.read { $0.offset } == offset)
        #expect(try index.problems() == [])
    }

    @Test("During a rebuild a reader always finds the tag that all files have")
    func withoutGap() async throws {
        for number in 0..<300 {
            try index.write(TestPicture.described(number + 1, TestPicture.prompt("fog")), "\(number).png")
        }
        try await index.index.update()
        let checked = Checked()
        let store = index.store
        let scanner = Scanner(library: index.test.library, threads: 2) {
            let sql = "SELECT count(*) FROM file_tag JOIN tag ON tag.id = tag WHERE tag.name = 'fog' AND type = 'pos'"
            checked.note(try store.pool.read { try Int.fetchOne($0, sql: sql) } == 300)
        }
        let session = ScanSession(scanner: scanner, stop: StopFlag(), progress: { _, _, _ in }, log: { _, _ in })
        _ = try session.run(.rebuild, id: "t")
        #expect(!checked.results.isEmpty && !checked.results.contains(false))
    }

    @Test("Folders whose time changed are expired until they are read")
    func expired() async throws {
        try index.write(TestPicture.described(3, ""), "a/x.png")
        try await index.index.update()
        #expect(try await index.index.expiredFolders() == [])
        try index.write(TestPicture.described(4, ""), "a/y.png")
        #expect(try await index.index.expiredFolders() == [index.root + "/a"])
        try await index.index.update()
        #expect(try await index.index.expiredFolders() == [])
    }
}
