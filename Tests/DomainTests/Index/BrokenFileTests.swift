import GRDB
import Testing

@testable import Domain

/// Files that have the name of a picture or a sound and are none (contracts/iib.md, Media kinds).
struct BrokenFileTests {
    let index: IndexUnderTest

    init() throws { index = try IndexUnderTest() }

    /// Files of all ways to be broken, by their names.
    private let broken: [(name: String, bytes: [UInt8])] = [
        ("empty.jpg", []), ("text.png", Array("no picture at all".utf8)), ("b.GIF", [0]),
        ("c.webp", Array("RIFF".utf8)), ("cut.png", Array(TestPicture.described(8, "a cat").prefix(20))),
        ("d.avif", [1, 2, 3, 4, 5]), ("e.mp3", Array("no sound".utf8)),
    ]

    private func tags(_ name: String) throws -> Set<String> {
        let id = try #require(try index.id(name))
        return try index.store.pool.read { database in
            try Set(
                String.fetchAll(
                    database,
                    sql: "SELECT type || ':' || name FROM tag JOIN file_tag ON tag = id WHERE file = ?",
                    arguments: [id]
                )
            )
        }
    }

    @Test("They are in the index by their names, without text and size; nobody else is told of them")
    func listed() async throws {
        for file in broken { try index.write(file.bytes, file.name) }
        for name in ["film.mp4", "notes.txt", "none"] { try index.write(Array("neither".utf8), name) }
        try index.scan()
        #expect(try index.store.mediaCount() == broken.count)
        for file in broken {
            let kind = file.name == "e.mp3" ? "Audio" : "Image"
            #expect(try tags(file.name) == ["size:Unknown Size", "Media Type:\(kind)"])
            #expect(try index.column("text", file.name) == "")
        }
        var query = MediaQuery()
        query.text = "cut"
        #expect(try await index.index.search(query).media.map(\.path) == [index.root + "/cut.png"])
        #expect(try index.test.library.libraryCounts() == LibraryCounts())
        #expect(index.test.events().isEmpty)
        #expect(try index.store.unhashedFiles(after: 0, limit: 9).isEmpty)
        #expect(try index.problems() == [])
        #expect(try index.scan() == ScanReport(files: broken.count, ignored: 3))
    }

    @Test("One that becomes whole is read anew under its id, keeps its tags, and is told of then")
    func whole() async throws {
        let path = try index.write([], "x.png")
        try index.scan()
        let id = try #require(try index.id("x.png"))
        #expect(try await index.index.toggleTag(1, of: path))
        #expect(index.test.events().isEmpty)
        try index.write(TestPicture.described(8, TestPicture.prompt("red castle")), "x.png")
        try index.scan()
        #expect(try index.id("x.png") == id)
        #expect(try tags("x.png").isSuperset(of: ["custom:like", "pos:red castle", "size:8 × 1"]))
        #expect(try !tags("x.png").contains("size:Unknown Size"))
        let added = index.test.events().compactMap { event in
            if case .libraryAdded(let items) = event { items } else { nil }
        }
        #expect(added.joined().map(\.id) == [id] && added.joined().first?.tags == ["like"])
        #expect(try index.problems() == [])
    }

    @Test("One that becomes broken keeps its id, and everyone else hears that it went")
    func breaking() throws {
        try index.write(TestPicture.described(8, TestPicture.prompt("red castle")), "x.png")
        try index.scan()
        let id = try #require(try index.id("x.png"))
        _ = index.test.events()
        try index.write(Array("no picture".utf8), "x.png")
        try index.scan()
        #expect(try index.id("x.png") == id)
        #expect(try tags("x.png") == ["size:Unknown Size", "Media Type:Image"])
        #expect(try index.column("text", "x.png") == "")
        guard case .libraryRemoved(let removed)? = index.test.events().first else {
            Issue.record("nobody was told")
            return
        }
        #expect(removed.map(\.id) == [id])
        #expect(try index.test.library.libraryCounts() == LibraryCounts())
        #expect(try index.problems() == [])
        try index.write(TestPicture.described(8, TestPicture.prompt("red castle")), "x.png")
        try index.scan()
        #expect(try index.id("x.png") == id)
        #expect(try index.test.library.libraryCounts().files == 1)
        #expect(try index.problems() == [])
    }

    @Test("They are tagged like others, many at once, also before a scan has seen them; a film must be one")
    func tagged() async throws {
        let whole = try index.write(TestPicture.described(8, ""), "whole.png")
        try index.scan()
        let paths = try broken.map { try index.write($0.bytes, $0.name) }
        try await index.index.setTag(1, of: [whole] + paths, to: true)
        #expect(try await index.index.customTags(of: paths).allSatisfy { $0.map(\.name) == ["like"] })
        let film = try index.write(Array("no film".utf8), "film.mp4")
        await #expect(throws: MediaIndexError.noFile(film)) { try await index.index.setTag(1, of: [film], to: true) }
        try index.scan()
        #expect(try index.problems() == [])
    }

    @Test("A broken sound has the text beside it, as whole ones do")
    func sideCar() throws {
        try index.write(Array("no sound".utf8), "e.mp3")
        try index.write(Array("no picture".utf8), "e.png")
        try index.write(Array("slow piano".utf8), "e.txt")
        try index.scan()
        #expect(try index.column("text", "e.mp3") == "slow piano")
        #expect(try index.column("text", "e.png") == "")
        #expect(try tags("e.mp3").contains("pos:slow piano"))
    }

    @Test("One that moves keeps its row")
    func moved() async throws {
        let path = try index.write([], "x.png")
        try index.write(TestPicture.described(8, ""), "y.png")
        try index.scan()
        let id = try index.id("x.png")
        _ = try await index.index.toggleTag(1, of: path)
        try index.folder.move("root/x.png", "root/z.png")
        try index.scan()
        #expect(try index.id("z.png") == id)
        #expect(try index.tags("z.png") == ["like"])
        #expect(try index.problems() == [])
    }
}
