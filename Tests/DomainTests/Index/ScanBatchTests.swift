import Foundation
import GRDB
import Testing

@testable import Domain

/// What one batch of a scan makes of files and their tags.
struct ScanBatchTests {
    let test: TestLibrary
    let directory: ScanDirectory

    init() throws {
        test = try TestLibrary()
        let root = try test.store.addRoot("/pictures", at: 0)
        directory = ScanDirectory(root: root, path: "a", device: 1)
    }

    private func file(_ name: String, _ tags: [AutoTag], second: Int = 7) -> FoundFile {
        var description = MediaDescription(kind: .image, width: 512, height: 512)
        description.tags = tags
        return FoundFile(
            directory: directory,
            name: name,
            size: 9,
            modified: second * 1_000_000_000,
            inode: 3,
            description: description
        )
    }

    private func apply(_ files: [FoundFile], _ tags: inout TagCache) throws {
        _ = try test.store.apply(ScanBatch(found: files), tags: &tags, at: 1)
    }

    /// Each link as `file:tag@date`, and each tag as `tag=count`.
    private func state() throws -> [String] {
        try test.store.pool.read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT file.name || ':' || tag.name || '@' || date FROM file_tag
                        JOIN tag ON tag.id = tag JOIN file ON file.id = file ORDER BY 1
                    """
            )
                + String.fetchAll(database, sql: "SELECT name || '=' || count FROM tag WHERE id > 1 ORDER BY 1")
        }
    }

    @Test("Tags of new files are linked and counted, those that other batches made too")
    func counts() throws {
        let (red, blue, mine) = (AutoTag("pos", "red"), AutoTag("pos", "blue"), AutoTag(MediaTag.custom, "mine"))
        var tags = TagCache()
        try apply([file("1", [red, mine]), file("2", [red, blue])], &tags)
        try apply([file("3", [blue])], &tags)
        // One that knows none of them, as after a restart.
        tags = TagCache()
        try apply([file("4", [mine, red])], &tags)
        #expect(
            try state() == [
                "1:mine@7", "1:red@7", "2:blue@7", "2:red@7", "3:blue@7", "4:mine@7", "4:red@7", "blue=2", "mine=2",
                "red=3",
            ]
        )
    }

    @Test("More links than one statement makes are all there")
    func many() throws {
        var tags = TagCache()
        let files = (0..<7).map { number in
            file("\(number)", (0..<15).map { AutoTag("pos", "\($0 % 2 == 0 ? number : 9).\($0)") }, second: -number)
        }
        try apply(files, &tags)
        let found = try state().filter { $0.contains("@") }
        let wanted = (0..<7).flatMap { number in
            (0..<15).map { "\(number):\($0 % 2 == 0 ? number : 9).\($0)@\(-number)" }
        }
        #expect(found.sorted() == wanted.sorted())
    }

    @Test("Of many tags those that others made before are found among the new ones, and all are counted")
    func someKnown() throws {
        let names = (0..<40).map { String(format: "%02d", $0) }
        func named(_ isWanted: (Int) -> Bool) -> [AutoTag] {
            names.indices.filter(isWanted).map { AutoTag("pos", names[$0]) }
        }
        var tags = TagCache()
        try apply([file("1", named { $0 % 3 == 0 || $0 == 39 })], &tags)
        // One that knows none of them, as after a restart, and a rule's tag among them.
        tags = TagCache()
        let mine = AutoTag(MediaTag.custom, "mine")
        try apply([file("2", Array(named { $0 < 20 } + [mine] + named { $0 >= 20 })), file("3", [mine])], &tags)
        try apply([file("4", named { _ in true })], &tags)
        let counts = try state().filter { $0.contains("=") }
        #expect(counts == names.indices.map { "\(names[$0])=\($0 % 3 == 0 ? 3 : 2)" } + ["mine=2"])
        let links = try state().filter { $0.contains("@") }
        let wanted = names.indices.flatMap { number in
            ["1", "2", "4"].filter { $0 != "1" || number % 3 == 0 }.map { "\($0):\(names[number])@7" }
        }
        #expect(links == (wanted + ["2:mine@7", "3:mine@7"]).sorted())
    }

    @Test("The id of a tag that is gone is given to no other")
    func unusedAgain() throws {
        var tags = TagCache()
        try apply([file("1", [AutoTag("pos", "red")])], &tags)
        let greatest = try test.store.pool.write { database in
            try database.execute(sql: "DELETE FROM media; DELETE FROM tag WHERE name = 'red'")
            return try Int.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'tag'") ?? 0
        }
        tags = TagCache()
        try apply([file("2", [AutoTag("pos", "blue")])], &tags)
        #expect(try test.store.pool.read { try Int.fetchOne($0, sql: "SELECT max(id) FROM tag") } == greatest + 1)
    }

    @Test("What lies in a folder that has left the library is not taken in, and the rest of its batch is")
    func left() throws {
        let other = LibraryRoot(id: 99, path: "/elsewhere")
        var gone = file("1", [])
        gone.directory = ScanDirectory(root: other, path: "", device: 1)
        var tags = TagCache()
        let files = [file("2", [AutoTag("pos", "red")]), gone, file("3", [])]
        let batch = ScanBatch(found: files, directories: [(gone.directory, 1), (directory, 1)])
        _ = try test.store.apply(batch, tags: &tags, at: 1)
        let names = try test.store.pool.read { try String.fetchAll($0, sql: "SELECT name FROM file ORDER BY name") }
        #expect(names == ["2", "3"])
        #expect(try state() == ["2:red@7", "red=1"])
    }

    @Test("Names that are equal as texts are one tag, of a new and of a known tag")
    func equalNames() throws {
        var tags = TagCache()
        let twice = [AutoTag("pos", "caf\u{E9}"), AutoTag("pos", "cafe\u{301}")]
        try apply([file("1", twice)], &tags)
        try apply([file("2", twice)], &tags)
        #expect(try state() == ["1:caf\u{E9}@7", "2:caf\u{E9}@7", "caf\u{E9}=2"])
    }

    @Test("A file that was found twice has the tags and the date that it was found with last")
    func twice() throws {
        var tags = TagCache()
        let (red, blue) = (AutoTag("pos", "red"), AutoTag("pos", "blue"))
        try apply([file("1", [red]), file("2", [red]), file("1", [blue], second: 8)], &tags)
        #expect(try state() == ["1:blue@8", "2:red@7", "blue=1", "red=1"])
        // As when a folder is walked by itself and as a part of its parent.
        try apply([file("4", [red]), file("4", [red])], &tags)
        #expect(try state() == ["1:blue@8", "2:red@7", "4:red@7", "blue=1", "red=2"])
        var unlisted = file("3", [])
        unlisted.description = nil
        try apply([file("3", [red]), unlisted], &tags)
        #expect(try state() == ["1:blue@8", "2:red@7", "4:red@7", "blue=1", "red=2"])
    }

    @Test("A known file that is listed only now keeps the tags that people gave it, and its own are counted")
    func listedLater() throws {
        var tags = TagCache()
        var unlisted = file("1", [])
        unlisted.description = nil
        try apply([unlisted], &tags)
        try test.store.pool.write { database in
            try database.execute(sql: "INSERT INTO custom_tag (file, tag, added) SELECT id, 1, 0 FROM file")
        }
        var known = file("1", [AutoTag("pos", "red")])
        known.known = try test.store.pool.read { try Int.fetchOne($0, sql: "SELECT id FROM file") }
        try apply([known], &tags)
        #expect(try state() == ["1:like@7", "1:red@7", "red=1"])
    }

    @Test("Whole numbers are written as JSON")
    func json() {
        #expect(Store.json([]) == "[]")
        #expect(Store.json([0, -1, 10, 1_203, .max, .min]) == "[0,-1,10,1203,\(Int.max),\(Int.min)]")
    }
}
