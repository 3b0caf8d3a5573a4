import GRDB
import Testing

@testable import Domain

/// What searches find before the contents are known, and what a scan that ended early leaves to the next.
struct ScanPhasesTests {
    let index: IndexUnderTest

    init() throws { index = try IndexUnderTest() }

    @Test("A file is in the index with its text, tags, model and seed once it has been described")
    func described() throws {
        try index.write(TestPicture.described(8, TestPicture.prompt("red castle, fog")), "a/x.png")
        try index.scan()
        #expect(
            try index.column("text", "a/x.png").map { (text: String) in text.hasPrefix("red castle, fog\n") } == true
        )
        #expect(try index.column("model", "a/x.png") == "dream")
        #expect(try index.column("seed", "a/x.png") == 7)
        #expect(try index.column("width", "a/x.png") == 8)
        let tags = try automaticTags("a/x.png")
        #expect(tags.isSuperset(of: ["pos:red castle", "pos:fog", "Model:dream", "Media Type:Image", "size:8 × 1"]))
        #expect(try index.problems() == [])
    }

    private func automaticTags(_ name: String) throws -> Set<String> {
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

    @Test("Searches know all files before the first content is known")
    func indexedFirst() throws {
        for number in 0..<40 { try index.write(TestPicture.described(number + 1, ""), "\(number).png") }
        let listed = Checked()
        let store = index.store
        index.test.library.journal.listen { entry in
            if case .libraryAdded = entry.event { listed.note((try? store.mediaCount()) == 40) }
        }
        try index.scan()
        #expect(!listed.results.isEmpty && !listed.results.contains(false))
    }

    @Test("A new folder that is named itself is read once, with the one above it; known ones are read each by itself")
    func namedAndNew() throws {
        for name in ["a/x.png", "a/deep/y.png", "b/z.png"] {
            try index.write(TestPicture.described(name.utf8.count, ""), name)
        }
        let folders = Set(["", "/a", "/a/deep", "/b"].map { ByteText(index.root + $0) })
        let scanner = Scanner(library: index.test.library, threads: 2)
        func seen() throws -> Int {
            let meter = ScanMeter(report: { _, _, _ in }, log: { _, _ in })
            try scanner.index(.folders(folders), reading: .none, meter: meter, stop: StopFlag())
            return meter.finish().files
        }
        #expect(try seen() == 3)
        for name in ["a/new.png", "a/deep/new.png", "b/new/new.png"] {
            try index.write(TestPicture.described(name.utf8.count + 10, ""), name)
        }
        #expect(try seen() == 6)
        #expect(try index.store.mediaCount() == 6)
        try index.scan()
        #expect(try index.problems() == [])
    }

    @Test("Contents that an earlier scan left are computed by the next, of any folder")
    func leftOver() throws {
        try index.write(TestPicture.described(3, ""), "a/x.png")
        try index.write(TestPicture.described(4, ""), "b/y.png")
        let meter = ScanMeter(report: { _, _, _ in }, log: { _, _ in })
        let scanner = Scanner(library: index.test.library, threads: 2)
        try scanner.index(.everything, reading: .none, meter: meter, stop: StopFlag())
        #expect(try index.test.library.libraryCounts().files == 0)
        #expect(try index.store.mediaCount() == 2)
        let report = try index.test.scan(index.root + "/a")
        #expect(report.added == 2)
        #expect(try index.problems() == [])
    }

    @Test("A file that changes between the phases is left to the next scan, and its row tells no wrong content")
    func changedBetween() throws {
        let path = try index.write(TestPicture.described(3, ""), "x.png")
        let meter = ScanMeter(report: { _, _, _ in }, log: { _, _ in })
        let scanner = Scanner(library: index.test.library, threads: 2)
        try scanner.index(.everything, reading: .none, meter: meter, stop: StopFlag())
        try index.write(TestPicture.described(5, ""), "x.png")
        #expect(try scanner.hash(meter: meter, stop: StopFlag()) == nil)
        #expect(meter.finish().skipped == 1)
        #expect(try index.test.library.libraryCounts().files == 0)
        #expect(!path.isEmpty)
        #expect(try index.scan().added == 1)
        #expect(try index.problems() == [])
    }

    @Test("A picture edited in place keeps its id, custom tags and a person's text, and gets new automatic tags")
    func edited() throws {
        try index.write(TestPicture.described(8, TestPicture.prompt("red castle")), "x.png")
        try index.scan()
        let id = try index.id("x.png")
        try index.tag("x.png", "mine")
        try index.feedTexts()
        try index.write(TestPicture.described(9, TestPicture.prompt("blue dragon")), "x.png")
        try index.scan()
        #expect(try index.id("x.png") == id)
        #expect(try index.tags("x.png") == ["mine"])
        let tags = try automaticTags("x.png")
        #expect(tags.contains("pos:blue dragon") && !tags.contains("pos:red castle") && tags.contains("custom:mine"))
        #expect(try index.problems() == [])
    }

    @Test("While a file is being written anew, what people said of it is not lost")
    func truncated() throws {
        let bytes = TestPicture.described(8, TestPicture.prompt("red castle"))
        try index.write(bytes, "x.png")
        try index.scan()
        let id = try index.id("x.png")
        try index.tag("x.png", "mine")
        try index.write([], "x.png")
        try index.scan()
        try index.write(TestPicture.described(9, ""), "x.png")
        try index.scan()
        #expect(try index.id("x.png") == id)
        #expect(try index.tags("x.png") == ["mine"])
        #expect(try index.problems() == [])
    }

    @Test("What was read by an older reader is read again, without being hashed again")
    func olderReader() throws {
        try index.write(TestPicture.described(8, TestPicture.prompt("red castle")), "x.png")
        try index.scan()
        try index.store.pool.write { database in
            try database.execute(sql: "UPDATE file SET reader = 0; UPDATE media SET text = 'old', tags = '[]'")
        }
        let report = try index.scan()
        #expect(report.files == 1 && report.hashed == 0)
        #expect(try index.column("text", "x.png") != "old")
        #expect(try index.problems() == [])
    }

    @Test("Files of the time before the index get into it")
    func migrated() throws {
        try index.write(TestPicture.described(8, ""), "x.png")
        try index.scan()
        try index.store.pool.write { database in
            try database.execute(sql: "DELETE FROM media; UPDATE file SET reader = 0, inode = NULL, sidecar = NULL")
        }
        try index.scan()
        #expect(try index.store.mediaCount() == 1)
        #expect(try index.problems() == [])
    }

    @Test("Rules give tags of type custom while files are read")
    func rules() throws {
        try index.store.setClientSetting(
            "auto_tag_rules",
            to: """
                [{"tag": "castles", "filters": [{"field": "pos_prompt", "operator": "regex", "value": "CAST.e"}]},
                 {"tag": "never", "filters": [{"field": "Model", "operator": "equals", "value": "other"}]}]
                """
        )
        try index.write(TestPicture.described(8, TestPicture.prompt("red castle")), "x.png")
        try index.scan()
        let tags = try automaticTags("x.png")
        #expect(tags.contains("custom:castles") && !tags.contains("custom:never"))
        #expect(try index.problems() == [])
    }
}
