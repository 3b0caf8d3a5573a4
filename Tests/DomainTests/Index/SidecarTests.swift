import Testing

@testable import Domain

/// Texts beside pictures and videos.
struct SidecarTests {
    let index: IndexUnderTest

    init() throws { index = try IndexUnderTest() }

    private func text(_ name: String) throws -> String? { try index.column("text", name) }

    @Test("A side-car's text is the picture's, and what becomes of it is noticed")
    func lifecycle() throws {
        try index.write(TestPicture.described(8, ""), "a.b.png")
        try index.write(TestPicture.described(9, ""), "a.png")
        try index.write(Array("red castle".utf8), "a.b.txt")
        try index.scan()
        #expect(try text("a.b.png")?.hasPrefix("red castle") == true)
        #expect(try text("a.png") == "")
        #expect(try index.scan().files == 2)

        try index.write(Array("blue dragon, fog".utf8), "a.b.txt")
        #expect(try index.scan().hashed == 0)
        #expect(try text("a.b.png")?.hasPrefix("blue dragon") == true)

        try index.folder.remove("root/a.b.txt")
        try index.scan()
        #expect(try text("a.b.png") == "")

        try index.write(Array("green tower".utf8), "a.txt")
        try index.scan()
        #expect(try text("a.png")?.hasPrefix("green tower") == true)
        #expect(try index.problems() == [])
    }

    @Test("A side-car that is too long, or a link, is none")
    func refused() throws {
        try index.write(TestPicture.described(8, ""), "a.png")
        try index.write(TestPicture.described(9, ""), "b.png")
        try index.write([UInt8](repeating: 97, count: FileExaminer.sidecarLimit + 1), "a.txt")
        let secret = try index.folder.write(Array("secret".utf8), "elsewhere.txt")
        try index.folder.link("root/b.txt", to: secret)
        try index.scan()
        #expect(try text("a.png") == "" && text("b.png") == "")
        let offset = index.test.library.journal.read { $0.offset }
        #expect(try index.scan().files == 2)
        #expect(index.test.library.journal.read { $0.offset } == offset)
    }

    @Test("A picture that moved with its side-car keeps its text, and one that moved to another gets that")
    func moved() throws {
        try index.write(TestPicture.described(8, ""), "a.png")
        try index.write(Array("red castle".utf8), "a.txt")
        try index.write(Array("blue dragon".utf8), "sub/c.txt")
        try index.scan()
        let id = try index.id("a.png")
        try index.folder.move("root/a.png", "root/sub/b.png")
        try index.folder.move("root/a.txt", "root/sub/b.txt")
        #expect(try index.scan().moved == 1)
        #expect(try index.id("sub/b.png") == id)
        #expect(try text("sub/b.png")?.hasPrefix("red castle") == true)
        try index.folder.move("root/sub/b.png", "root/sub/c.png")
        #expect(try index.scan().moved == 1)
        #expect(try index.id("sub/c.png") == id)
        #expect(try text("sub/c.png")?.hasPrefix("blue dragon") == true)
        #expect(try index.problems() == [])
    }
}
