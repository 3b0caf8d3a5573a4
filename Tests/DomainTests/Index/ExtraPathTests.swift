import Testing

@testable import Domain

/// Folders that people add and take away (contracts/iib.md §9).
struct ExtraPathTests {
    let test: TestLibrary
    let folder: TemporaryFolder
    let index: MediaIndex

    init() throws {
        test = try TestLibrary()
        folder = try TemporaryFolder()
        index = MediaIndex(library: test.library, threads: BlockingThreads(count: 1))
    }

    private func path(_ name: String) -> String { folder.path + "/" + name }

    private func rootPaths() throws -> [String] { try test.library.roots().map(\.path) }

    private func files() throws -> [String] {
        try test.library.newest(limit: 100).map { $0.root + "/" + $0.path }.sorted()
    }

    private func write(_ names: String...) throws {
        for name in names { try folder.write(try TestPicture.png(8, 8, blue: UInt8(name.utf8.count)), name) }
    }

    @Test("A path is kept as it was given but for dots and slashes, and its folder is part of the library at once")
    func adding() async throws {
        try folder.makeFolder("a")
        try await index.addExtraPath(folder.path + "//x/.././a/", types: ["scanned"])
        #expect(try await index.extraPaths() == [ExtraPath(path: path("a"), types: ["scanned"])])
        #expect(try rootPaths() == [path("a")])
    }

    @Test("Types are merged in the order in which they came, and paths keep theirs")
    func merging() async throws {
        for name in ["b", "a"] { try folder.makeFolder(name) }
        try await index.addExtraPath(path("b"), types: ["walk"])
        try await index.addExtraPath(path("a"), types: ["scanned", "scanned"])
        try await index.addExtraPath(path("b/"), types: ["scanned", "walk"])
        try await index.addExtraPath(path("c"), types: [])
        #expect(
            try await index.extraPaths() == [
                ExtraPath(path: path("b"), types: ["walk", "scanned"]),
                ExtraPath(path: path("a"), types: ["scanned"]),
            ]
        )
    }

    @Test("Relative paths and those with a zero byte are refused")
    func bad() async throws {
        for bad in ["", "a", "./a", "/a\0b"] {
            await #expect(throws: MediaIndexError.outsideLibrary(bad)) {
                try await index.addExtraPath(bad, types: ["scanned"])
            }
            await #expect(throws: MediaIndexError.noExtraPath(bad)) { try await index.setAlias("x", ofExtraPath: bad) }
            try await index.removeExtraPath(bad, types: ["scanned"])
        }
        #expect(try await index.extraPaths().isEmpty)
    }

    @Test("A name is kept until it is changed, and only of a path that is there")
    func alias() async throws {
        try folder.makeFolder("a")
        try await index.addExtraPath(path("a"), types: ["walk"])
        let named = ExtraPath(path: path("a"), types: ["walk"], alias: "Mine")
        #expect(try await index.setAlias("Mine", ofExtraPath: path("a/")) == named)
        try await index.addExtraPath(path("a"), types: ["walk"])
        #expect(try await index.extraPaths() == [named])
        await #expect(throws: MediaIndexError.noExtraPath(path("b"))) {
            try await index.setAlias("x", ofExtraPath: path("b"))
        }
    }

    @Test("A missing folder is kept until the next reading; one that came meanwhile becomes part of the library")
    func missing() async throws {
        for name in ["gone", "late", "file"] { try await index.addExtraPath(path(name), types: ["scanned"]) }
        #expect(try rootPaths().isEmpty)
        try folder.makeFolder("late")
        try folder.write([1], "file")
        #expect(try await index.extraPaths().map(\.path) == [path("late")])
        #expect(try rootPaths() == [path("late")])
        try folder.makeFolder("gone")
        #expect(try await index.extraPaths().map(\.path) == [path("late")])
    }

    @Test("The update makes folders part of the library that came late")
    func late() async throws {
        try await index.addExtraPath(path("late"), types: ["scanned"])
        try folder.makeFolder("late")
        try test.library.adoptExtraPaths()
        #expect(try rootPaths() == [path("late")])
    }

    @Test("A folder that is gone is listed no more, but what the library knows of it stays")
    func away() async throws {
        try write("a/1.png")
        try folder.makeFolder("empty")
        for name in ["a", "empty"] { try await index.addExtraPath(path(name), types: ["scanned"]) }
        try test.scan()
        try folder.move("a", "unmounted")
        try folder.remove("empty")
        #expect(try await index.extraPaths().isEmpty)
        #expect(try files() == [path("a/1.png")])
        #expect(try rootPaths() == [path("a")])
        // What comes back can be removed like any other; what held nothing is forgotten.
        try folder.move("unmounted", "a")
        try folder.makeFolder("empty")
        #expect(try await index.extraPaths().map(\.path) == [path("a")])
        try await index.removeExtraPath(path("a"), types: ["scanned"])
        #expect(try files().isEmpty && rootPaths().isEmpty)
    }

    @Test("Files go only when no type of the path is left")
    func removing() async throws {
        try write("a/1.png", "a/b/22.png")
        try await index.addExtraPath(path("a"), types: ["scanned", "walk"])
        try test.scan()
        try await index.removeExtraPath(path("a"), types: ["walk", "other"])
        #expect(try await index.extraPaths().map(\.types) == [["scanned"]])
        #expect(try files().count == 2)
        try await index.removeExtraPath(path("a"), types: ["walk"])
        #expect(try files().count == 2)
        try await index.removeExtraPath(path("a/"), types: ["scanned"])
        #expect(try await index.extraPaths().isEmpty)
        #expect(try files().isEmpty)
        #expect(try rootPaths().isEmpty)
        try await index.removeExtraPath(path("a"), types: ["scanned"])
    }

    @Test("Files that another path covers stay, whichever of the two goes")
    func covered() async throws {
        try write("a/1.png", "a/b/22.png")
        for name in ["a/b", "a"] { try await index.addExtraPath(path(name), types: ["scanned"]) }
        try test.scan()
        let ids = try Set(test.library.newest(limit: 9).map(\.id))
        try await index.removeExtraPath(path("a/b"), types: ["scanned"])
        #expect(try Set(test.library.newest(limit: 9).map(\.id)) == ids)
        try await index.addExtraPath(path("a/b"), types: ["walk"])
        try await index.removeExtraPath(path("a"), types: ["scanned"])
        #expect(try files() == [path("a/b/22.png")])
        #expect(try rootPaths() == [path("a/b")])
    }

    @Test("Configured folders stay when an extra path around them, or over them, goes")
    func configured() async throws {
        try write("a/1.png", "a/b/22.png")
        try test.library.addRoot(path("a/b"), isPermanent: true)
        try await index.addExtraPath(path("a"), types: ["scanned"])
        try await index.addExtraPath(path("a/b"), types: ["scanned"])
        try test.scan()
        for name in ["a", "a/b"] { try await index.removeExtraPath(path(name), types: ["scanned"]) }
        #expect(try files() == [path("a/b/22.png")])
    }

    @Test("A path through a link takes away what lies behind it, also when the link is gone")
    func links() async throws {
        try write("real/1.png", "other/22.png")
        try folder.link("link", to: path("real"))
        try folder.link("link2", to: path("other"))
        for name in ["link", "link2"] { try await index.addExtraPath(path(name), types: ["scanned"]) }
        #expect(try await index.extraPaths().map(\.path) == [path("link"), path("link2")])
        try test.scan()
        #expect(try files() == [path("other/22.png"), path("real/1.png")])
        try await index.removeExtraPath(path("link"), types: ["scanned"])
        #expect(try files() == [path("other/22.png")])
        try folder.remove("link2")
        try await index.removeExtraPath(path("link2"), types: ["scanned"])
        #expect(try files().isEmpty)
    }

    @Test("Folders that the server keeps for itself do not become part of the library")
    func ownFolders() async throws {
        try await index.addExtraPath(test.data[.thumbnails], types: ["scanned"])
        #expect(try rootPaths().isEmpty)
    }
}
