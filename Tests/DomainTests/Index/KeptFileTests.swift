import Foundation
import Testing

@testable import Domain

/// What people said of files that went before their contents were known.
struct KeptFileTests {
    let index: IndexUnderTest

    init() throws { index = try IndexUnderTest() }

    @Test(
        "One that went unhashed has its tags and its text again, at its path or elsewhere",
        arguments: ["a.png", "sub/a.png"]
    )
    func unhashed(_ place: String) async throws {
        try index.writePicture(5, "a.png")
        try index.look()
        try index.tag("a.png", "mine")
        let id = try #require(try index.id("a.png"))
        _ = try index.store.setText("my words", MediaDescription(kind: .image).facts(edited: "my words"), of: id)
        try index.removeForGood("a.png")
        try index.look()
        #expect(try index.id("a.png") == nil && index.waiting() == 2)
        try index.writePicture(5, place)
        try index.look()
        #expect(try index.tags(place) == ["mine"] && index.column("text", place) == "my words" && index.waiting() == 0)
        try index.scan()
        #expect(try index.tags(place) == ["mine"])
        #expect(try index.problems() == [])
    }

    @Test("It is known by its number on the disk under any name, as when it was outside for a while")
    func outside() throws {
        try index.writePicture(5, "a.png")
        try index.look()
        try index.tag("a.png", "mine")
        try index.folder.move("root/a.png", "outside.png")
        try index.look()
        try index.folder.move("outside.png", "root/sub.png")
        try index.look()
        #expect(try index.tags("sub.png") == ["mine"] && index.waiting() == 0)
    }

    @Test("Another picture takes nothing: of another size at the path, of another time or name elsewhere")
    func others() throws {
        try index.writePicture(5, "a.png")
        try index.look()
        try index.tag("a.png", "mine")
        try index.removeForGood("a.png")
        try index.look()
        try index.writePicture(900, "a.png")
        try index.writePicture(5, "sub/a.png", modified: 1_000_000_000_123_456_790)
        try index.writePicture(5, "b.png")
        try index.look()
        for name in ["a.png", "sub/a.png", "b.png"] { #expect(try index.tags(name) == []) }
        #expect(try index.waiting() == 2)
        // Its own still finds it all.
        try index.writePicture(5, "other/a.png")
        try index.look()
        #expect(try index.tags("other/a.png") == ["mine"] && index.waiting() == 0)
    }

    @Test("What a picture was given after it was written to waits for what it is now, too")
    func rewritten() throws {
        try index.writePicture(5, "a.png")
        try index.scan()
        try index.writePicture(6, "a.png", modified: 2_000_000_000_000_000_001)
        try index.look()
        try index.tag("a.png", "mine")
        try index.removeForGood("a.png")
        try index.look()
        try index.writePicture(6, "sub/a.png", modified: 2_000_000_000_000_000_001)
        try index.look()
        #expect(try index.tags("sub/a.png") == ["mine"])
    }

    @Test("A copy that was taken in before the original went has its tags, as a slow move leaves it, an older one not")
    func slowMove() throws {
        try index.writePicture(5, "older/a.png")
        try index.look()
        try index.writePicture(5, "a.png")
        try index.look()
        try index.tag("a.png", "mine")
        try index.writePicture(5, "moved/a.png")
        try index.look()
        try index.folder.remove("root/a.png")
        try index.look()
        #expect(try index.tags("moved/a.png") == ["mine"] && index.tags("older/a.png") == [] && index.waiting() == 0)
        try index.scan()
        #expect(try index.problems() == [])
    }

    @Test("A folder that leaves and is added again has it all; a tag that is removed for good waits nowhere")
    func leaving() throws {
        for number in 0..<3 {
            try index.writePicture(5 + number, "\(number).png")
            try index.look()
            try index.tag("\(number).png", "t\(number)")
        }
        try index.test.library.removeRoot(index.root, keeping: [])
        #expect(try index.waiting() == 6)
        let tag = try #require(try index.store.tags(named: "t1").first)
        _ = try index.store.removeCustomTag(tag.id)
        try index.test.library.addRoot(index.root)
        try index.scan()
        #expect(try (0..<3).map { try index.tags("\($0).png") } == [["t0"], [], ["t2"]])
        #expect(try index.waiting() == 0)
        #expect(try index.problems() == [])
    }

    @Test("A long file is hashed soon after it was tagged, without a scan")
    func long() async throws {
        let path = try index.write(TestPicture.described(5, ""), "long.png")
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.truncate(atOffset: 65 << 20)
        try file.close()
        try index.writePicture(6, "a.png")
        try index.look()
        #expect(try await index.index.toggleTag(1, of: path))
        let deadline = ContinuousClock.now + .seconds(120)
        while try index.test.library.libraryCounts().files == 0, .now < deadline {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(try index.test.library.newest(limit: 9).map(\.name) == ["long.png"])
        #expect(try index.test.library.newest(limit: 9).first?.tags == ["like"])
    }
}
