import Testing

@testable import Domain

/// Single files that are taken in at once, and texts.
struct FileIntakeTests {
    let index: IndexUnderTest

    init() throws { index = try IndexUnderTest() }

    @Test("A file is known, with its content, after it was asked for; and the next scan finds nothing to do")
    func takeIn() async throws {
        let path = try index.write(TestPicture.described(8, TestPicture.prompt("fog")), "a/b/x.png")
        try await index.index.ensureIndexed([path, path])
        let id = try index.id("a/b/x.png")
        #expect(id != nil)
        #expect(try index.test.library.libraryCounts().files == 1)
        guard case .libraryAdded(let items)? = index.test.events().first else {
            Issue.record("nobody was told")
            return
        }
        #expect(items.map(\.id) == [id])
        #expect(try index.scan() == ScanReport(files: 1))
        #expect(try index.problems() == [])
    }

    @Test("A known file that changed is read again, under its id")
    func changed() async throws {
        let path = try index.write(TestPicture.described(8, TestPicture.prompt("fog")), "x.png")
        try index.scan()
        let id = try index.id("x.png")
        try index.write(TestPicture.described(9, TestPicture.prompt("castle")), "x.png")
        try await index.index.ensureIndexed([path])
        #expect(try index.id("x.png") == id)
        #expect(try await index.index.texts(of: [path]).first?.hasPrefix("castle") == true)
        #expect(try index.problems() == [])
    }

    @Test("Paths that cannot be in the index are refused, and nothing of the call is taken in")
    func refused() async throws {
        let good = try index.write(TestPicture.described(8, ""), "x.png")
        let text = try index.write(Array("no picture".utf8), "note.txt")
        let hidden = try index.write(TestPicture.described(9, ""), ".hidden/y.png")
        let outside = try index.folder.write(TestPicture.described(9, ""), "outside.png")
        try index.folder.link("root/link.png", to: outside)
        try index.folder.link("root/way", to: index.folder.path)
        for (path, error) in [
            (index.root + "/none.png", MediaIndexError.noFile(index.root + "/none.png")),
            (text, .noFile(text)), (index.root + "/link.png", .noFile(index.root + "/link.png")),
            (index.root, .outsideLibrary(index.root)),
            (outside, .outsideLibrary(outside)), (hidden, .outsideLibrary(hidden)),
            (index.root + "/way/outside.png", .outsideLibrary(index.root + "/way/outside.png")),
            ("x.png", .outsideLibrary("x.png")), ("", .outsideLibrary("")), (good + "\0", .outsideLibrary(good + "\0")),
        ] {
            await #expect(throws: error) { try await index.index.ensureIndexed([good, path]) }
        }
        #expect(try await index.index.count() == 0)
    }

    @Test("Texts are those of the index, or those of the file; what has none is empty")
    func texts() async throws {
        let indexed = try index.write(TestPicture.described(8, TestPicture.prompt("fog")), "a.png")
        let plain = try index.write(TestPicture.described(9, ""), "b.png")
        try index.scan()
        let fresh = try index.write(TestPicture.described(8, TestPicture.prompt("castle")), "c.png")
        let outside = try index.folder.write(TestPicture.described(8, TestPicture.prompt("tower")), "d.png")
        let missing = index.root + "/none.png"
        #expect(try await index.index.setText("my words", of: indexed))
        #expect(try await index.index.setText("first", of: plain) == false)
        let texts = try await index.index.texts(of: [indexed, plain, fresh, outside, missing, "relative"])
        #expect(texts.count == 6 && texts[0] == "my words" && texts[1] == "first")
        #expect(texts[2].hasPrefix("castle") && texts[3].hasPrefix("tower"))
        #expect(texts[4] == "" && texts[5] == "")
        try index.scan(full: true)
        #expect(try await index.index.texts(of: [indexed]) == ["my words"])
        #expect(try await index.index.embedded(of: indexed).contains { $0.key == "parameters" })
        #expect(try await index.index.embedded(of: missing).isEmpty)
        await #expect(throws: MediaIndexError.noFile(missing)) { try await index.index.setText("x", of: missing) }
    }
}
