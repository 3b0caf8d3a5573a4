import Foundation
import Synchronization
import Testing

@testable import Domain

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Files that people move, copy, swap and take away, and what they said of them.
struct MoveTests {
    let index: IndexUnderTest

    init() throws { index = try IndexUnderTest() }

    private func make(_ name: String, _ side: Int, _ tags: String...) throws {
        try index.write(TestPicture.described(side, ""), name)
        try index.scan()
        for tag in tags { try index.tag(name, tag) }
    }

    @Test("Moved files keep id and tags, and are not read again")
    func folder() throws {
        for number in 0..<5 { try make("a/deep/\(number).png", number + 1, "t\(number)") }
        let ids = try (0..<5).map { try index.id("a/deep/\($0).png") }
        try index.folder.move("root/a", "root/b")
        let report = try index.scan()
        #expect(report == ScanReport(files: 5, moved: 5))
        #expect(try (0..<5).map { try index.id("b/deep/\($0).png") } == ids)
        #expect(try (0..<5).map { try index.tags("b/deep/\($0).png") } == (0..<5).map { ["t\($0)"] })
        #expect(try index.problems() == [])
    }

    @Test("A file that is written to and moved before anyone looks keeps id and tags", arguments: [true, false])
    func edited(_ isWrittenFirst: Bool) throws {
        // The library's clock is the one by which files are born.
        index.test.advance(Int(Date().timeIntervalSince1970 * 1000) + 60_000)
        try make("a.png", 1, "mine")
        let id = try index.id("a.png")
        // Some file systems keep no such time; there such a file is another one.
        guard FileBirth.milliseconds(index.root + "/a.png") != nil else { return }
        let steps = [
            {
                let path = index.root + (isWrittenFirst ? "/a.png" : "/sub/b.png")
                let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
                try file.write(contentsOf: TestPicture.described(9, "a longer text than before"))
                try file.close()
            },
            {
                try index.folder.makeFolder("root/sub")
                try index.folder.move("root/a.png", "root/sub/b.png")
            },
        ]
        for step in isWrittenFirst ? steps : steps.reversed() { try step() }
        #expect(try index.scan().moved == 1)
        #expect(try index.id("sub/b.png") == id && index.tags("sub/b.png") == ["mine"])
        #expect(try index.id("a.png") == nil)
        #expect(try index.problems() == [])
    }

    @Test("Another file that gets the number of one that is gone is another file")
    func reused() throws {
        // What is born after the library knew the one before cannot be the same.
        try make("a.png", 1, "mine")
        let id = try index.id("a.png")
        try index.folder.move("root/a.png", "root/b.png")
        try Data(TestPicture.described(9, "a longer text than before")).withUnsafeBytes { bytes in
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: index.root + "/b.png"))
            try file.write(contentsOf: bytes)
            try file.close()
        }
        try index.scan()
        #expect(try index.id("b.png") != id && index.tags("b.png") == [])
        #expect(try index.problems() == [])
    }

    @Test("Files that change names in a ring, over names that are known, keep their tags", arguments: [2, 3, 5])
    func ring(_ count: Int) throws {
        for number in 0..<count { try make("\(number).png", number + 1, "t\(number)") }
        let ids = try (0..<count).map { try index.id("\($0).png") }
        try index.folder.move("root/0.png", "root/spare")
        for number in 1..<count { try index.folder.move("root/\(number).png", "root/\(number - 1).png") }
        try index.folder.move("root/spare", "root/\(count - 1).png")
        #expect(try index.scan().moved == count)
        for number in 0..<count {
            #expect(try index.id("\(number).png") == ids[(number + 1) % count])
            #expect(try index.tags("\(number).png") == ["t\((number + 1) % count)"])
        }
        #expect(try index.problems() == [])
    }

    @Test("Two files of the same size and time that swap names swap their rows")
    func twins() throws {
        for name in ["a.png", "b.png"] {
            let path = try index.write(TestPicture.png(8, 1, blue: name == "a.png" ? 1 : 2), name)
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1e9)],
                ofItemAtPath: path
            )
        }
        try index.scan()
        try index.tag("a.png", "first")
        try index.folder.move("root/a.png", "root/c.png")
        try index.folder.move("root/b.png", "root/a.png")
        try index.folder.move("root/c.png", "root/b.png")
        try index.scan()
        #expect(try index.tags("b.png") == ["first"])
        #expect(try index.tags("a.png") == [])
        #expect(try index.problems() == [])
    }

    @Test("A new picture under the name of one that moved away is another file")
    func replaced() throws {
        try make("a.png", 1, "old")
        let id = try index.id("a.png")
        try index.folder.move("root/a.png", "root/sub.png")
        try index.write(TestPicture.described(2, ""), "a.png")
        try index.scan()
        #expect(try index.id("sub.png") == id)
        #expect(try index.tags("sub.png") == ["old"])
        #expect(try index.tags("a.png") == [])
        #expect(try index.problems() == [])
    }

    @Test(
        "A picture whose former self is kept beside it, under a name that is no picture's, keeps id and tags",
        arguments: ["a.png_original", "a.png~", "a.png.bak", "sub/a"]
    )
    func keptBeside(_ kept: String) throws {
        try make("a.png", 1, "mine")
        let id = try index.id("a.png")
        try index.folder.makeFolder("root/sub")
        try index.write(TestPicture.described(2, "edited"), "a.png_tmp")
        try index.folder.move("root/a.png", "root/\(kept)")
        try index.folder.move("root/a.png_tmp", "root/a.png")
        try index.scan()
        #expect(try index.id("a.png") == id)
        #expect(try index.tags("a.png") == ["mine"])
        #expect(try index.problems() == [])
        // And when it is put back.
        try index.folder.remove("root/a.png")
        try index.folder.move("root/\(kept)", "root/a.png")
        try index.scan()
        #expect(try index.tags("a.png") == ["mine"])
        #expect(try index.problems() == [])
    }

    @Test("Of many names of one file, those that move keep id and tags, and new ones are new", arguments: [7, 8, 30])
    func manyNames(_ count: Int) throws {
        try make("0.png", 1)
        for number in 1..<count {
            #expect(link(index.root + "/0.png", index.root + "/\(number).png") == 0)
        }
        try index.scan()
        for number in 0..<count { try index.tag("\(number).png", "t\(number)") }
        let ids = try (0..<count).map { try index.id("\($0).png") }
        try index.folder.makeFolder("root/sub")
        let moved = [0, count / 2, count - 1]
        for number in moved { try index.folder.move("root/\(number).png", "root/sub/\(number).png") }
        for number in 0..<5 { #expect(link(index.root + "/1.png", index.root + "/sub/new\(number).png") == 0) }
        try index.scan()
        let names = (0..<count).map { moved.contains($0) ? "sub/\($0).png" : "\($0).png" }
        // Which of the names that left became which of the new ones nobody can tell.
        let all = names + (0..<5).map { "sub/new\($0).png" }
        let kept = Set(try all.compactMap { try index.id($0) })
        #expect(ids.allSatisfy { $0.map(kept.contains) ?? false })
        for (number, name) in names.enumerated() where !moved.contains(number) {
            #expect(try index.id(name) == ids[number] && index.tags(name) == ["t\(number)"])
        }
        #expect(kept.count == count + 5)
        #expect(try index.problems() == [])
    }

    @Test("A picture written anew beside itself and put in its place keeps id and tags")
    func atomically() throws {
        try make("a.png", 1, "mine")
        let id = try index.id("a.png")
        try index.write(TestPicture.described(2, ""), ".temporary")
        try index.folder.remove("root/a.png")
        try index.folder.move("root/.temporary", "root/a.png")
        try index.scan()
        #expect(try index.id("a.png") == id)
        #expect(try index.tags("a.png") == ["mine"])
        #expect(try index.problems() == [])
    }

    @Test("A picture moved over a tagged one brings its own tags; those of the other wait with its content")
    func over() throws {
        try make("a.png", 1, "a")
        try make("b.png", 2, "b")
        let id = try index.id("a.png")
        try index.folder.remove("root/b.png")
        try index.folder.move("root/a.png", "root/b.png")
        try index.scan()
        #expect(try index.id("b.png") == id)
        #expect(try index.tags("b.png") == ["a"])
        try make("again.png", 2)
        #expect(try index.tags("again.png") == ["b"])
        #expect(try index.problems() == [])
    }

    @Test("What people said of a file that is gone comes back with its content, once")
    func kept() async throws {
        let path = try index.write(TestPicture.described(1, "text"), "a.png")
        try index.scan()
        try index.tag("a.png", "mine")
        try await index.index.setText("my words", of: path)
        // As a move to another file system: another inode and time.
        try index.folder.remove("root/a.png")
        try index.write(TestPicture.described(1, "text"), "sub/b.png")
        try index.write(TestPicture.described(1, "text"), "sub/c.png")
        try index.scan()
        #expect(try index.tags("sub/b.png") == ["mine"])
        #expect(try index.column("text", "sub/b.png") == "my words")
        #expect(try index.column("edited", "sub/b.png") == 1)
        #expect(try index.tags("sub/c.png") == [])
        #expect(try index.column("edited", "sub/c.png") == 0)
        #expect(try index.problems() == [])
    }

    @Test("When a pass ends, what people said of files that come back is back, though others are not hashed yet")
    func returned() async throws {
        try make("a.png", 1, "mine")
        try index.folder.remove("root/a.png")
        try index.scan()
        try index.write(TestPicture.described(1, ""), "sub/b.png")
        try index.write(TestPicture.described(7, "of another size"), "other.png")
        let seen = Mutex<[(tags: Set<String>?, isHashed: Bool?)]>([])
        index.test.library.passes.whenIndexed { [index] in
            let places = (try? index.test.library.places(of: [index.root + "/other.png"])) ?? []
            let isHashed = (try? index.store.mediaFiles(at: places.map(\.path)))?.first??.isHashed
            seen.withLock { $0.append((try? index.tags("sub/b.png"), isHashed)) }
        }
        try await index.index.update()
        let passes = seen.withLock { $0 }
        let first = try #require(passes.first)
        #expect(first.tags == ["mine"] && first.isHashed == false)
    }

    @Test("What people said of a file goes to a copy that was taken in before the file went, as a slow move leaves it")
    func inherited() throws {
        try make("a.png", 5, "mine", "best")
        try index.write(TestPicture.described(5, ""), "disk2/a.png")
        try index.scan()
        #expect(try index.tags("disk2/a.png") == [])
        try index.folder.remove("root/a.png")
        try index.scan()
        #expect(try index.tags("disk2/a.png") == ["mine", "best"])
        #expect(try index.problems() == [])
    }

    @Test("A copy, and another name of the same file, take nothing from it")
    func copies() throws {
        try make("a.png", 1, "mine")
        let id = try index.id("a.png")
        try index.write(TestPicture.described(1, ""), "b.png")
        try RawFile.hardLink(index.root + "/a.png", index.root + "/c.png")
        try index.scan()
        #expect(try index.id("a.png") == id)
        #expect(try ["a.png", "b.png", "c.png"].map { try index.tags($0) } == [["mine"], [], []])
        #expect(try index.problems() == [])
    }

    @Test("A name that is left of two of the same file keeps its own row")
    func oneOfTwoNames() throws {
        try make("a.png", 1, "mine")
        try RawFile.hardLink(index.root + "/a.png", index.root + "/b.png")
        try index.scan()
        try index.folder.remove("root/a.png")
        try RawFile.hardLink(index.root + "/b.png", index.root + "/c.png")
        try index.scan()
        #expect(try index.tags("c.png") == ["mine"])
        #expect(try index.problems() == [])
    }

    @Test("A file that left one root for another keeps its row")
    func otherRoot() throws {
        try make("a.png", 1, "mine")
        let id = try index.id("a.png")
        let other = try index.folder.makeFolder("other")
        try index.test.library.addRoot(other)
        try index.folder.move("root/a.png", "other/b.png")
        #expect(try index.scan().moved == 1)
        let place = try index.test.library.places(of: [other + "/b.png"])
        #expect(try index.store.indexedFiles(place).values.first?.id == id)
        #expect(try index.problems() == [])
    }
}
