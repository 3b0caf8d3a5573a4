import GRDB
import Testing

@testable import Domain

/// What people said of broken files that go and come back.
struct KeptBrokenFileTests {
    let index: IndexUnderTest

    init() throws { index = try IndexUnderTest() }

    @Test("A broken or empty one is its path: it comes back, whole or not, and has its tags", arguments: [true, false])
    func broken(_ isEmpty: Bool) async throws {
        let bytes = isEmpty ? [] : Array("no picture".utf8)
        let path = try index.write(bytes, "x.png")
        try index.scan()
        #expect(try await index.index.toggleTag(1, of: path))
        for again in [bytes, Array("something else".utf8), TestPicture.described(4, "whole now")] {
            try index.removeForGood("x.png")
            try index.scan()
            #expect(try index.id("x.png") == nil)
            try index.write(bytes, "other.png")
            try index.write(again, "x.png")
            try index.scan()
            #expect(try index.tags("x.png") == ["like"] && index.tags("other.png") == [])
            #expect(try await index.index.customTags(of: [path]).map { $0.map(\.name) } == [["like"]])
            #expect(try index.problems() == [])
        }
    }

    @Test("A broken one is known by its size, time and name where it went; an empty one is not")
    func brokenElsewhere() throws {
        for (name, bytes) in [("x.png", Array("no picture".utf8)), ("y.png", [])] {
            try index.date(try index.write(bytes, name), 77)
            try index.scan()
            try index.tag(name, "mine")
            try index.removeForGood(name)
            try index.date(try index.write(bytes, "sub/" + name), 77)
            try index.scan()
        }
        #expect(try index.tags("sub/x.png") == ["mine"] && index.tags("sub/y.png") == [])
        try index.write([], "y.png")
        try index.scan()
        #expect(try index.tags("y.png") == ["mine"])
        #expect(try index.problems() == [])
    }

    @Test("An empty one that was put away and comes back is known by its number under its own name alone")
    func emptyElsewhere() throws {
        for name in ["same.png", "other.png"] {
            try index.date(try index.write([], name), 77)
            try index.scan()
            try index.tag(name, "mine")
            try index.folder.move("root/" + name, name)
            try index.scan()
            #expect(try index.id(name) == nil)
        }
        try index.writePicture(1, "sub/whole.png")
        try index.folder.move("same.png", "root/sub/same.png")
        try index.folder.move("other.png", "root/sub/renamed.png")
        try index.scan()
        #expect(try index.tags("sub/same.png") == ["mine"] && index.tags("sub/renamed.png") == [])
        #expect(try index.problems() == [])
    }

    @Test("Two that look alike are told apart by their paths, whatever numbers they have when they are back")
    func alike() throws {
        let names = ["a.png", "b.png"]
        for name in names {
            try index.date(try index.write(Array("no picture".utf8), name), 77)
            try index.scan()
            try index.tag(name, "of " + name)
        }
        for name in names { try index.folder.move("root/" + name, name) }
        try index.scan()
        for (name, other) in zip(names, names.reversed()) { try index.folder.move(name, "root/" + other) }
        try index.scan()
        for name in names { #expect(try index.tags(name) == ["of " + name]) }
        #expect(try index.problems() == [])
    }

    @Test("What another was moved over waits under its own name")
    func displaced() throws {
        try index.write(Array("no picture".utf8), "x.png")
        try index.writePicture(5, "y.png")
        try index.scan()
        try index.tag("x.png", "broken")
        try index.tag("y.png", "whole")
        try index.folder.remove("root/x.png")
        try index.folder.move("root/y.png", "root/x.png")
        try index.scan()
        #expect(try index.tags("x.png") == ["whole"])
        try index.folder.move("root/x.png", "root/z.png")
        try index.write(Array("no picture".utf8), "x.png")
        try index.scan()
        #expect(try index.tags("z.png") == ["whole"] && index.tags("x.png") == ["broken"])
        #expect(try index.problems() == [])
    }

    @Test("A removal or a return that is cut short is made up for by the next scan")
    func dying() throws {
        for number in 0..<20 { try index.write(Array("no picture \(number)".utf8), "\(number).png") }
        try index.scan()
        for number in 0..<20 { try index.tag("\(number).png", "t\(number)") }
        for isThere in [false, true] {
            for number in 0..<20 {
                if isThere {
                    try index.write(Array("again \(number)".utf8), "\(number).png")
                } else {
                    try index.removeForGood("\(number).png")
                }
            }
            for limit in 1...3 {
                let left = Counter()
                let scanner = Scanner(library: index.test.library, threads: 2) {
                    if left.next() == limit { throw SystemError(code: 5, action: "disk") }
                }
                do { _ = try scanner.scan() } catch is SystemError {}
            }
            try index.scan()
        }
        for number in 0..<20 { #expect(try index.tags("\(number).png") == ["t\(number)"]) }
        #expect(try index.problems() == [])
    }

    @Test("A thousand that go and come back, all of one second, are soon back with their tags")
    func many() throws {
        let names = (0..<1_000).map { "\($0 % 50)/\($0).png" }
        func write(_ number: Int, _ name: String) throws {
            try index.date(try index.write([UInt8(number % 7)], name), 1_000_000_000)
        }
        for (number, name) in names.enumerated() { try write(number, name) }
        try index.scan()
        try index.store.pool.write { try $0.execute(sql: "INSERT INTO custom_tag SELECT id, 1, 0 FROM file") }
        let start = ContinuousClock.now
        for (number, name) in names.enumerated() {
            // Half of them come back elsewhere, before they are gone from where they were.
            if number.isMultiple(of: 2) { try write(number, "moved/" + name) }
        }
        try index.scan()
        for name in names { try index.folder.remove("root/" + name) }
        try index.scan()
        for (number, name) in names.enumerated() where !number.isMultiple(of: 2) { try index.write([], name) }
        try index.scan()
        #expect(start.duration(to: .now) < .seconds(240))
        let tagged = try index.store.pool.read { database in
            try Int.fetchOne(database, sql: "SELECT count(*) FROM file_tag WHERE tag = 1")
        }
        #expect(try tagged == 1_000 && index.store.mediaCount() == 1_000 && index.waiting() == 0)
        #expect(try index.problems() == [])
    }
}
