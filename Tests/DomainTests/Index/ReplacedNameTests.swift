import GRDB
import Testing

@testable import Domain

/// Editors that put a picture aside and write it anew a while later.
struct ReplacedNameTests {
    let index: IndexUnderTest

    init() throws {
        index = try IndexUnderTest()
        try index.folder.makeFolder("root/sub")
        try index.write(TestPicture.described(1, "first"), "a.png")
        try index.scan()
        try index.tag("a.png", "mine")
    }

    private func replaced() throws -> Int {
        try index.store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM replaced_name") ?? -1 }
    }

    @Test(
        "The new picture has the tags and the text, and the former one keeps them",
        arguments: ["a.png~", "a.png.bak", "a.png_original", "#a.png#", "sub/a.orig"]
    )
    func writtenLater(_ kept: String) async throws {
        try await index.index.setText("my words", of: index.root + "/a.png")
        try index.folder.move("root/a.png", "root/\(kept)")
        try index.scan()
        #expect(try index.tags(kept) == ["mine"])
        try index.tag(kept, "later")
        try index.write(TestPicture.described(2, "edited"), "a.png")
        try index.scan()
        for name in ["a.png", kept] {
            #expect(try index.tags(name) == ["mine", "later"])
            #expect(try index.column("text", name) == "my words")
        }
        #expect(try replaced() == 0)
        #expect(try index.problems() == [])
        // Once: what is written there when that has gone as well is another picture.
        try index.folder.remove("root/a.png")
        try index.scan()
        try index.write(TestPicture.described(3, "another"), "a.png")
        try index.scan()
        #expect(try index.tags("a.png") == [])
    }

    @Test("It may be written beside, be in the index, and then be put there")
    func writtenBeside() throws {
        try index.folder.move("root/a.png", "root/a.png~")
        try index.scan()
        try index.write(TestPicture.described(2, "edited"), "tmp.png")
        try index.scan()
        try index.folder.move("root/tmp.png", "root/a.png")
        try index.scan()
        #expect(try index.tags("a.png") == ["mine"] && index.tags("a.png~") == ["mine"])
        #expect(try index.problems() == [])
    }

    @Test("A picture that was known before and is moved there brings its own tags only")
    func movedThere() throws {
        try index.write(TestPicture.described(2, "other"), "b.png")
        try index.scan()
        try index.folder.move("root/a.png", "root/a.png~")
        try index.scan()
        try index.folder.move("root/b.png", "root/a.png")
        try index.scan()
        #expect(try index.tags("a.png") == [] && index.tags("a.png~") == ["mine"])
    }

    @Test("One that is put back, and one that got another picture's name, has left nothing")
    func putBack() throws {
        for last in ["a.png", "b.png"] {
            try index.folder.move("root/a.png", "root/a.png~")
            try index.scan()
            #expect(try replaced() == 1)
            try index.folder.move("root/a.png~", "root/" + last)
            try index.scan()
            #expect(try index.tags(last) == ["mine"] && replaced() == 0)
        }
        try index.write(TestPicture.described(2, "new"), "a.png")
        try index.scan()
        #expect(try index.tags("a.png") == [])
        #expect(try index.problems() == [])
    }

    @Test("When the former one is gone, or its folder, nothing is left to be given")
    func gone() throws {
        try index.folder.move("root/a.png", "root/a.png~")
        try index.scan()
        try index.folder.remove("root/a.png~")
        try index.scan()
        #expect(try replaced() == 0)
        try index.write(TestPicture.described(2, "new"), "a.png")
        try index.scan()
        #expect(try index.tags("a.png") == [])
        #expect(try index.problems() == [])
    }
}
