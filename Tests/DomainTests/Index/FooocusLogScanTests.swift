import Testing

@testable import Domain

/// Pictures of Fooocus and the page beside them.
struct FooocusLogScanTests {
    let index: IndexUnderTest

    init() throws { index = try IndexUnderTest() }

    private func text(_ name: String) throws -> String? { try index.column("text", name) }

    private func entry(_ id: String, _ prompt: String) -> String {
        FooocusLogTests.entry(id, [("Prompt", prompt), ("Base Model", "m"), ("Seed", "7")])
    }

    @Test("The page's text is the picture's, and what becomes of it is noticed for the pictures that it concerns")
    func lifecycle() throws {
        try index.write(TestPicture.described(8, ""), "a.png")
        try index.write(TestPicture.described(9, ""), "b.png")
        try index.scan()
        #expect(try text("a.png") == "")

        // Fooocus writes the page after the picture.
        try index.write(FooocusLogTests.page(entry("a_png", "red castle")), "log.html")
        try index.scan()
        #expect(try text("a.png")?.hasPrefix("red castle") == true)
        #expect(try text("a.png")?.hasSuffix("Source Identifier: Fooocus") == true)
        #expect(try text("b.png") == "")

        try index.write(
            FooocusLogTests.page(entry("b_png", "blue dragon"), entry("a_png", "red castle")),
            "log.html"
        )
        try index.scan()
        #expect(try text("a.png")?.hasPrefix("red castle") == true)
        #expect(try text("b.png")?.hasPrefix("blue dragon") == true)
        let offset = index.test.library.journal.read { $0.offset }
        #expect(try index.scan().files == 2)
        #expect(index.test.library.journal.read { $0.offset } == offset)

        try index.write(Array("green tower".utf8), "a.txt")
        try index.scan()
        #expect(try text("a.png")?.hasPrefix("green tower") == true)

        try index.folder.remove("root/a.txt")
        try index.folder.remove("root/log.html")
        try index.scan()
        #expect(try text("a.png") == "" && text("b.png") == "")
        #expect(try index.problems() == [])
    }

    @Test("A page that is too long, or a link, is none")
    func refused() throws {
        try index.write(TestPicture.described(8, ""), "a.png")
        let page = FooocusLogTests.page(entry("a_png", "secret"))
        let secret = try index.folder.write(page, "elsewhere.html")
        try index.folder.link("root/log.html", to: secret)
        try index.scan()
        #expect(try text("a.png") == "")
        try index.write(page + [UInt8](repeating: 32, count: FooocusLog.lengthLimit), "sub/log.html")
        try index.write(TestPicture.described(9, ""), "sub/a.png")
        try index.scan()
        #expect(try text("sub/a.png") == "")
    }

    @Test("A picture that is taken in by itself has the page's text, and the next scan has nothing to do")
    func intake() throws {
        let path = try index.write(TestPicture.described(8, ""), "a.png")
        try index.write(FooocusLogTests.page(entry("a_png", "red castle")), "log.html")
        _ = try FileIntake(library: index.test.library).take([path])
        #expect(try text("a.png")?.hasPrefix("red castle") == true)
        try index.scan()
        let offset = index.test.library.journal.read { $0.offset }
        #expect(try index.scan().files == 1)
        #expect(index.test.library.journal.read { $0.offset } == offset)
    }
}
