import GRDB
import Testing

@testable import Domain

/// Roots that leave the library, and what stays of them.
struct RemoveRootTests {
    let test: TestLibrary
    let folder: TemporaryFolder

    init() throws {
        test = try TestLibrary()
        folder = try TemporaryFolder()
        for (index, name) in ["all/a.png", "all/keep/b.png", "all/keep/deep/c.png", "all/keep2/d.png"].enumerated() {
            try folder.write(try TestPicture.png(8, 8, blue: UInt8(index)), name)
        }
        try test.library.addRoot(path("all"))
        try test.scan()
        _ = test.events()
    }

    private func path(_ name: String) -> String { folder.path + "/" + name }

    /// The ids of all files by their absolute paths.
    private func ids() throws -> [String: Int] {
        var ids: [String: Int] = [:]
        for item in try test.library.newest(limit: 1_000) { ids[item.root + "/" + item.path] = item.id }
        return ids
    }

    private func rootPaths() throws -> [String] { try test.library.roots().map(\.path) }

    @Test("With a root go its files, directories and counts, and everyone is told")
    func removal() throws {
        let ids = try ids()
        #expect(ids.count == 4)
        let told = Counter()
        test.library.whenRootsChange { _ = told.next() }
        try test.library.removeRoot(path("all"), keeping: [])
        #expect(try rootPaths().isEmpty)
        #expect(try test.library.libraryCounts() == LibraryCounts())
        #expect(try test.store.directoryTimes().isEmpty)
        var removed: Set<Int> = []
        var last: LibraryCounts?
        for event in test.events() {
            switch event {
            case .libraryRemoved(let items): removed.formUnion(items.map(\.id))
            case .libraryCounts(let counts): last = counts
            default: Issue.record("\(event)")
            }
        }
        #expect(removed == Set(ids.values))
        #expect(last == LibraryCounts())
        #expect(told.value == 1)
        // Nothing happens on the disk.
        #expect(FileStatus(path: path("all/a.png")) != nil)
    }

    @Test("A root that is added again has its folders read again")
    func again() throws {
        try test.library.removeRoot(path("all"), keeping: [])
        try test.library.addRoot(path("all"))
        #expect(try test.scan().added == 4)
        #expect(try ids().count == 4)
    }

    @Test("What is kept below a root becomes roots of their own, whose files keep their ids")
    func splitting() throws {
        let before = try ids()
        let keeping = [path("all/keep/deep"), path("all/keep"), path("all/none"), path("elsewhere")]
        try test.library.removeRoot(path("all"), keeping: keeping)
        #expect(try rootPaths() == [path("all/keep")])
        let kept = before.filter { $0.key.contains("/keep/") }
        #expect(kept.count == 2)
        #expect(try ids() == kept)
        #expect(try test.library.libraryCounts().files == 2)
        let report = try test.scan()
        #expect([report.files, report.added, report.removed] == [2, 0, 0])
        // And back again.
        try test.library.addRoot(path("all"))
        #expect(try test.scan().added == 2)
        #expect(try ids().filter { kept[$0.key] != nil } == kept)
        #expect(try rootPaths() == [path("all")])
    }

    @Test("A folder of the same beginning is another folder")
    func prefixes() throws {
        try test.library.removeRoot(path("all"), keeping: [path("all/keep2")])
        #expect(try ids().keys.sorted() == [path("all/keep2/d.png")])
    }

    @Test("A kept folder that has not been scanned yet is a root when it is there")
    func unscanned() throws {
        try folder.makeFolder("all/new")
        try test.library.removeRoot(path("all"), keeping: [path("all/new")])
        #expect(try rootPaths() == [path("all/new")])
    }

    @Test("Nothing happens to what is no root, lies in what is kept, or is permanent")
    func refused() throws {
        let before = try ids()
        for (root, keeping) in [
            ("all/keep", [String]()), ("none", []), ("all", [path("all")]), ("all", [folder.path]),
        ] {
            try test.library.removeRoot(path(root), keeping: keeping)
        }
        try test.library.addRoot(path("all"), isPermanent: true)
        try test.library.removeRoot(path("all"), keeping: [])
        #expect(try ids() == before)
        #expect(try rootPaths() == [path("all")])
    }

    @Test("A permanent folder below a root stays")
    func permanentBelow() throws {
        try test.library.addRoot(path("all/keep"), isPermanent: true)
        try test.library.removeRoot(path("all"), keeping: [])
        #expect(try rootPaths() == [path("all/keep")])
        #expect(try ids().count == 2)
    }

    @Test("After a crash in the middle the rest is removed, and is no part of the library until then")
    func crash() throws {
        let root = try test.store.leaveRoot(path("all"), keeping: [], at: 0)
        #expect(try test.store.removeNextOfLeaving(try #require(root), limit: 1)?.removed.count == 1)
        #expect(try rootPaths().isEmpty)
        #expect(try test.library.rootSummaries().isEmpty)
        #expect(try test.store.directoryTimes().isEmpty)
        #expect(try ids().count == 3)
        try test.library.finishRemovals()
        #expect(try ids().isEmpty)
        #expect(try test.store.leavingRoots().isEmpty)
    }

    @Test("A root that is added again while it leaves keeps what is left of it")
    func revived() throws {
        let before = try ids()
        let root = try #require(try test.store.leaveRoot(path("all"), keeping: [], at: 0))
        _ = try test.store.removeNextOfLeaving(root, limit: 1)
        #expect(try test.library.addRoot(path("all")).id == root)
        #expect(try test.store.removeNextOfLeaving(root, limit: 10) == nil)
        #expect(try test.scan().added == 1)
        #expect(try ids().filter { before[$0.key] == $0.value }.count == 3)
    }

    @Test("A folder that is added inside or around a leaving root takes its files over")
    func takenOver() throws {
        let before = try ids()
        _ = try test.store.leaveRoot(path("all"), keeping: [], at: 0)
        try test.library.addRoot(path("all/keep"))
        try test.library.finishRemovals()
        #expect(try ids() == before.filter { $0.key.contains("/keep/") })
        _ = try test.store.leaveRoot(path("all/keep"), keeping: [], at: 0)
        try test.library.addRoot(folder.path)
        try test.library.finishRemovals()
        #expect(try ids() == before.filter { $0.key.contains("/keep/") })
        #expect(try rootPaths() == [folder.path])
    }

    @Test("A scan that is under way when its root leaves puts nothing there")
    func duringScan() throws {
        try test.library.removeRoot(path("all"), keeping: [])
        try test.library.addRoot(path("all"))
        let commits = Counter()
        let library = test.library
        let root = path("all")
        let scanner = Scanner(library: library, threads: 1) {
            if commits.next() == 1 { try library.removeRoot(root, keeping: []) }
        }
        _ = try scanner.scan()
        #expect(commits.value > 0)
        #expect(try ids().isEmpty)
        #expect(try test.library.libraryCounts() == LibraryCounts())
        #expect(try test.store.mediaCount() == 0)
    }

    @Test("What people said of the files waits with their contents")
    func keptTags() throws {
        let id = try #require(try ids()[path("all/keep/b.png")])
        try test.store.pool.write { database in
            try database.execute(
                sql: "UPDATE media SET text = 'my words', edited = 1 WHERE file = ?",
                arguments: [id]
            )
            try database.execute(sql: "INSERT INTO custom_tag (file, tag, added) VALUES (?, 1, 5)", arguments: [id])
        }
        try test.library.removeRoot(path("all"), keeping: [])
        let kept = try test.store.pool.read { database in
            try Row.fetchAll(database, sql: "SELECT tag, added, text FROM kept_tag JOIN kept_text USING (content)")
                .map { [$0[0] as Int, $0[1] as Int, ($0[2] as String).count] }
        }
        #expect(kept == [[1, 5, 8]])
    }
}
