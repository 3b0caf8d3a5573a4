import Testing

@testable import Domain

/// Roots, counts events, and what the boards get at start.
struct LibraryTests {
    let test: TestLibrary
    let folder: TemporaryFolder

    init() throws {
        test = try TestLibrary()
        folder = try TemporaryFolder()
    }

    @Test("Only an absolute path of a folder that exists becomes a root")
    func badRoots() throws {
        let file = try folder.write([1], "file")
        let library = test.library
        #expect(throws: LibraryRootError.notAbsolute("pictures")) { try library.addRoot("pictures") }
        #expect(throws: LibraryRootError.notAbsolute("")) { try library.addRoot("") }
        #expect(throws: LibraryRootError.missing(folder.path + "/none")) { try library.addRoot(folder.path + "/none") }
        #expect(throws: LibraryRootError.notFolder(file)) { try library.addRoot(file) }
        #expect(try library.roots().isEmpty)
    }

    @Test("The same folder by any of its names is one root, and a folder inside a root is a part of it")
    func overlapping() throws {
        let inner = try folder.makeFolder("root/inner")
        try folder.link("link", to: folder.path + "/root")
        let root = try test.library.addRoot(folder.path + "/root")
        #expect(try test.library.addRoot(folder.path + "/link/../root/") == root)
        #expect(try test.library.addRoot(folder.path + "/link") == root)
        #expect(try test.library.addRoot(inner) == root)
        #expect(try test.library.addRoot(try folder.makeFolder("root2")).id != root.id)
        #expect(try test.library.roots().count == 2)
    }

    @Test("A root around others takes them in, and their files keep their ids")
    func adoption() throws {
        for name in ["all/one/a.png", "all/deep/two/sub/b.png", "all/c.png"] {
            try folder.write(try TestPicture.png(8, 8, blue: UInt8(name.utf8.count)), name)
        }
        try test.library.addRoot(folder.path + "/all/one")
        try test.library.addRoot(folder.path + "/all/deep/two")
        try test.scan()
        let before = try test.library.newest(limit: 10)
        let root = try test.library.addRoot(folder.path + "/all")
        #expect(try test.library.roots() == [root])
        #expect(try test.paths() == ["deep/two/sub/b.png", "one/a.png"])
        #expect(Set(try test.library.newest(limit: 10).map(\.id)) == Set(before.map(\.id)))
        let report = try test.scan()
        #expect([report.added, report.removed, report.files] == [1, 0, 3])
        #expect(try test.library.libraryCounts().files == 3)
        try folder.remove("all/deep")
        #expect(try test.scan().removed == 1)
    }

    @Test("Counts events are thinned, and the last one is never lost")
    func thinning() throws {
        let items = (0..<10).map { LibraryItem.Removed(id: $0, sha256: "") }
        for (index, item) in items.enumerated() {
            _ = try test.library.commit { LibraryChanges(removed: [item], counts: LibraryCounts(files: index)) }
            test.advance(50)
        }
        test.library.flushCounts()
        test.library.flushCounts()
        let counts = test.events().compactMap { event in
            if case .libraryCounts(let counts) = event { counts.files } else { nil }
        }
        #expect(counts == [0, 4, 8, 9])
    }

    @Test("A change that fails tells of nothing")
    func failedCommit() {
        #expect(throws: SystemError.self) {
            try test.library.commit { throw SystemError(code: 5, action: "disk") }
        }
        #expect(test.events().isEmpty)
    }

    @Test("At start the board gets the counts and the newest files")
    func load() throws {
        for index in 0..<30 { try folder.write(try TestPicture.png(8, 8, blue: UInt8(index)), "root/\(index).png") }
        try test.library.addRoot(folder.path + "/root")
        try test.scan()
        let journal = Journal(epoch: "next")
        try test.library.load(into: journal)
        #expect(journal.read { $0.library.counts } == (try test.library.libraryCounts()))
        #expect(journal.read { $0.library.newest } == (try test.library.newest(limit: 24)))
        #expect(journal.read { $0.offset } == 0)
    }

    @Test("A library over a data directory has its folders as roots")
    func builtIn() throws {
        let library = try Library(store: test.store, journal: Journal(epoch: "e"), data: test.data)
        #expect(try library.roots().map(\.path) == test.data.libraryFolders)
        #expect(library.excluded.contains(test.data[.thumbnails]))
    }
}
