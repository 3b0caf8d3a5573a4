import Foundation
import GRDB
import Testing

@testable import Domain

/// Legacy databases (contracts/gallery.md §4, migrate_legacy_db).
struct LegacyMigrationTests {
    let test: TestLibrary
    let gallery: ModelGallery
    /// The folder below which databases may be migrated.
    let folder: String
    let hash: ContentHash

    init() throws {
        test = try TestLibrary()
        try test.library.addRoot(test.data[.media])
        folder = try test.folder.makeFolder("legacy")
        gallery = ModelGallery(
            library: test.library,
            data: test.data,
            folders: ModelFolders(kinds: []),
            legacyFolder: folder
        )
        hash = try #require(ContentHash(of: Array("a model".utf8)))
    }

    /// Makes a database of these rows; answers its path.
    @discardableResult
    private func database(_ statements: [(String, StatementArguments)], name: String = "old.db") throws -> String {
        let path = folder + "/" + name
        let queue = try DatabaseQueue(path: path)
        try queue.write { database in
            try database.execute(
                sql: """
                    CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT);
                    CREATE TABLE model_tags (model_id INTEGER, tag_id INTEGER);
                    CREATE TABLE models (
                        id INTEGER PRIMARY KEY, hash_hex TEXT, path TEXT, name TEXT, type TEXT, size_bytes INTEGER,
                        created_at INTEGER, extra_json TEXT
                    );
                    """
            )
            for (sql, arguments) in statements { try database.execute(sql: sql, arguments: arguments) }
        }
        try queue.close()
        return path
    }

    private func row(
        _ id: Int,
        hash: String? = nil,
        path: String? = nil,
        meta: JSON = [:]
    ) -> (String, StatementArguments) {
        let path = path ?? "/models/\(id).safetensors"
        return (
            "INSERT INTO models VALUES (?, ?, ?, ?, 'loras', 1000, 1700000000000, ?)",
            [id, hash, path, "model \(id)", meta.text]
        )
    }

    private static let tags: [(String, StatementArguments)] = [
        ("INSERT INTO tags VALUES (3, 'anime'), (4, ' photo '), (5, ''), (6, 'spare'), (8, NULL)", []),
        ("INSERT INTO model_tags VALUES (7, 3), (7, 4), (7, 5), (7, 99), (9, 4)", []),
    ]

    private func report(_ migrated: Int, _ pending: Int, errors: Int = 0, pictures: Int = 0, pictureErrors: Int = 0)
        -> LegacyReport
    {
        var report = LegacyReport()
        (report.migrated, report.pending, report.errors) = (migrated, pending, errors)
        (report.pictures, report.pictureErrors) = (pictures, pictureErrors)
        return report
    }

    @Test("Rows with a hash become models, others wait under their ids, all with words and pictures")
    func migrate() async throws {
        let meta: JSON = [
            "description": "words", "prompts": ["positive": "fog"], "images": ["C:\\old\\seven.png", "other.png"],
        ]
        let path = try database(
            Self.tags + [
                row(7, hash: hash.hex.uppercased(), meta: meta), row(9, meta: ["images": ["images/nine.jpg"]]),
                row(11, hash: String(repeating: "z", count: 64)),
            ]
        )
        let seven = try TestPicture.png(40, 20)
        let nine = try TestPicture.jpeg(10, 10)
        try test.folder.write(seven, "legacy/pictures/seven.png")
        try test.folder.write(nine, "legacy/pictures/nine.jpg")
        let result = try await gallery.migrateLegacy(database: path, pictures: folder + "/pictures")
        #expect(result == report(1, 2, pictures: 2))

        let words = try await gallery.words().filter { !$0.isSystem }
        #expect(words.map(\.name) == ["anime", "photo", "spare"] && words.map(\.count) == [1, 1, 0])
        let model = try #require(try await gallery.model(hash))
        #expect(model.path == "/models/7.safetensors" && model.name == "model 7" && model.type == "loras")
        #expect(model.size == 1000 && model.created == 1_700_000_000_000)
        #expect(model.words.map(\.name) == ["anime", "photo"])
        #expect(model.meta["description"] == "words" && model.meta["images"] == nil)
        #expect(model.samples == 1)
        #expect(try await gallery.sampleCount(hash) == 1)
        #expect(try test.library.libraryCounts().files == 1)

        let pending = try #require(try await gallery.pending(id: 9))
        #expect(
            pending.path == "/models/9.safetensors" && pending.hash == nil && pending.words.map(\.name) == ["photo"]
        )
        #expect(pending.meta["images"] == ["nine.jpg"])
        let picture = try #require(try await gallery.pendingPicture(of: 9))
        #expect(try WholeFile.read(picture, limit: 10_000) == nine)
        #expect(try await gallery.pending(id: 11)?.meta["images"] == [])
        // Nothing of the old server was touched.
        #expect(try WholeFile.read(folder + "/pictures/seven.png", limit: 100_000) == seven)
        // A later start keeps what waits.
        try gallery.recoverPictures()
        #expect(try await gallery.pendingPicture(of: 9) == picture)
    }

    @Test("A second run changes nothing, and what people wrote meanwhile stays")
    func again() async throws {
        let path = try database(Self.tags + [row(7, hash: hash.hex, meta: ["images": ["a.png"]]), row(9)])
        try test.folder.write(TestPicture.png(8, 8), "legacy/a.png")
        #expect(try await gallery.migrateLegacy(database: path, pictures: folder) == report(1, 1, pictures: 1))
        var changes = ModelGallery.Changes()
        changes.name = "mine"
        changes.meta = ["description": "mine"]
        let mine = try await gallery.change(hash) { [changes] _ in changes }
        _ = test.events()
        #expect(try await gallery.migrateLegacy(database: path, pictures: folder) == report(1, 0))
        #expect(try await gallery.model(hash) == mine)
        #expect(try await gallery.pending().count == 1)
        #expect(test.events().isEmpty)
    }

    @Test("Rows that say neither what nor where they are cannot wait, and are counted")
    func nowhere() async throws {
        let nameless: [(String, StatementArguments)] = [
            ("INSERT INTO models (id, name) VALUES (1, 'a'), (2, 'b')", [])
        ]
        let old = try database(nameless + [row(3, path: "/three.ckpt"), row(4, path: "")])
        #expect(try await gallery.migrateLegacy(database: old, pictures: nil) == report(0, 1, errors: 3))
        #expect(try await gallery.pending().map(\.id) == [3])
    }

    @Test("An id that no record could follow is not kept")
    func lastID() async throws {
        let old = try database([row(.max, path: "/last.ckpt"), row(3, path: "/three.ckpt")])
        #expect(try await gallery.migrateLegacy(database: old, pictures: nil) == report(0, 2))
        #expect(try await gallery.pending().allSatisfy { $0.id < 1 << 20 })
    }

    @Test("Two runs at once do the work of one")
    func atOnce() async throws {
        let path = try database([row(7, hash: hash.hex, meta: ["images": ["a.png"]]), row(9, path: "/nine.ckpt")])
        try test.folder.write(TestPicture.png(8, 8), "legacy/a.png")
        async let one = gallery.migrateLegacy(database: path, pictures: folder)
        async let two = gallery.migrateLegacy(database: path, pictures: folder)
        let reports = try await [one, two]
        #expect(reports.allSatisfy { $0.errors == 0 })
        #expect(reports.map(\.pictures).sorted() == [0, 1])
        #expect(try await gallery.sampleCount(hash) == 1)
    }

    @Test("What was imported after a run does not wait again after the next")
    func imported() async throws {
        let path = try test.folder.write([1, 2, 3], "x.ckpt")
        let old = try database([row(1, path: path)])
        #expect(try await gallery.migrateLegacy(database: old, pictures: nil) == report(0, 1))
        let hash = try #require(ContentHash(of: [1, 2, 3]))
        #expect(try await gallery.importModels([1], strategy: nil) == [.success(hash)])
        #expect(try await gallery.migrateLegacy(database: old, pictures: nil) == report(0, 0))
        #expect(try await gallery.pending().isEmpty)
    }

    @Test("A record whose id is taken gets another one")
    func takenID() async throws {
        #expect(
            try await gallery.migrateLegacy(database: database([row(1)], name: "a.db"), pictures: nil) == report(0, 1)
        )
        let other = try database([row(1, path: "/other.ckpt"), row(-4, path: "/negative.ckpt")], name: "b.db")
        #expect(try await gallery.migrateLegacy(database: other, pictures: nil) == report(0, 2))
        let paths = try await gallery.pending().map { ($0.id, $0.path) }
        #expect(paths.first { $0.0 == 1 }?.1 == "/models/1.safetensors")
        #expect(Set(paths.map(\.1)) == ["/models/1.safetensors", "/other.ckpt", "/negative.ckpt"])
        #expect(paths.allSatisfy { $0.0 > 0 })
    }

    @Test("Pictures that are missing are skipped, those that are none are counted, and none is taken from elsewhere")
    func badPictures() async throws {
        try test.folder.write(Array("no picture".utf8), "legacy/pictures/bad.png")
        try test.folder.link("legacy/pictures/link.png", to: test.folder.write(TestPicture.png(4, 4), "secret.png"))
        try test.folder.write(TestPicture.png(4, 4), "legacy/outside.png")
        let other = try #require(ContentHash(of: [1]))
        let rows = [
            row(1, hash: hash.hex, meta: ["images": ["bad.png"]]), row(2, meta: ["images": ["bad.png"]]),
            row(3, hash: other.hex, meta: ["images": ["link.png"]]), row(4, meta: ["images": ["missing.png"]]),
            row(5, meta: ["images": ["../outside.png"]]), row(6, meta: ["images": [".."]]),
            row(7, meta: ["images": "bad.png"]), row(8, meta: ["images": [5, .null]]),
        ]
        let path = try database(rows)
        let result = try await gallery.migrateLegacy(database: path, pictures: "pictures")
        #expect(result == report(2, 6, pictureErrors: 3))
        #expect(try await gallery.sampleCount(hash) == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: test.data[.pending]).isEmpty)
    }

    @Test("Values of the wrong kind count as missing")
    func strangeValues() async throws {
        let path = try database(
            [
                (
                    "INSERT INTO models VALUES (1, x'00ff', '/a.ckpt', x'ff', 5, 'many', 1e300, '[1,'), "
                        + "(2, ?, '/b.ckpt', NULL, NULL, -5, NULL, '[]')", [hash.hex]
                )
            ]
        )
        #expect(try await gallery.migrateLegacy(database: path, pictures: nil) == report(1, 1))
        let pending = try #require(try await gallery.pending(id: 1))
        #expect(pending.name == nil && pending.size == nil && pending.created == nil)
        let model = try #require(try await gallery.model(hash))
        #expect(model.name == nil && model.type == nil && model.size == nil && model.created == nil)
    }

    @Test("A table of models with few columns and no tables of tags is enough")
    func fewColumns() async throws {
        let path = folder + "/few.db"
        let queue = try DatabaseQueue(path: path)
        try await queue.write {
            try $0.execute(sql: "CREATE TABLE models (path TEXT); INSERT INTO models VALUES ('/a')")
        }
        try queue.close()
        #expect(try await gallery.migrateLegacy(database: path, pictures: nil) == report(0, 1))
        #expect(try await gallery.pending().map(\.path) == ["/a"])
    }

    @Test("What is no such database is refused, and nothing is written to it")
    func unreadable() async throws {
        try test.folder.write(Array("no database at all, but long enough to look like one".utf8), "legacy/text.db")
        try test.folder.write([], "legacy/empty.db")
        for name in ["text.db", "empty.db"] {
            let before = try WholeFile.read(folder + "/" + name, limit: 1000)
            await #expect {
                _ = try await gallery.migrateLegacy(database: name, pictures: nil)
            } throws: { error in
                if case .unreadable? = error as? LegacyMigrationError { true } else { false }
            }
            #expect(try WholeFile.read(folder + "/" + name, limit: 1000) == before)
        }
    }

    @Test("Without a configured folder nothing is migrated")
    func off() async throws {
        let path = try database([row(1)])
        for legacyFolder in [nil, test.folder.path + "/none"] {
            let gallery = ModelGallery(
                library: test.library,
                data: test.data,
                folders: ModelFolders(kinds: []),
                legacyFolder: legacyFolder
            )
            await #expect(throws: LegacyMigrationError.off) {
                try await gallery.migrateLegacy(database: path, pictures: nil)
            }
        }
    }

    @Test("Only what lies below the configured folder is migrated, links resolved")
    func outside() async throws {
        let path = try database([row(1)])
        try test.folder.write([], "outside.db")
        try test.folder.makeFolder("legacy-2")
        try test.folder.link("legacy/link.db", to: test.data.database)
        try test.folder.link("legacy/way", to: test.folder.path)
        for given in [
            test.data.database, "/etc/passwd", "/", "../outside.db", "way/outside.db", "link.db",
            folder + "/../outside.db", folder + "-2/old.db", "a\0b", "/none/at/all",
        ] {
            await #expect(throws: LegacyMigrationError.outside(given)) {
                try await gallery.migrateLegacy(database: given, pictures: nil)
            }
        }
        for given in ["", ".", "none.db", "none/old.db"] {
            await #expect(throws: LegacyMigrationError.missing(given)) {
                try await gallery.migrateLegacy(database: given, pictures: nil)
            }
        }
        await #expect(throws: LegacyMigrationError.outside("..")) {
            try await gallery.migrateLegacy(database: path, pictures: "..")
        }
        await #expect(throws: LegacyMigrationError.missing("old.db")) {
            try await gallery.migrateLegacy(database: path, pictures: "old.db")
        }
        #expect(try await gallery.pending().isEmpty)
    }

    @Test("A run that is stopped ends early and goes on from there when it is run again")
    func stopped() throws {
        let stop = StopFlag()
        let rows = (1...3).map { number in
            LegacyModel(id: number, path: "/\(number)", meta: [:], words: [])
        }
        stop.set()
        var migration = LegacyMigration(rows, into: gallery, pictures: nil, stop: stop)
        #expect(throws: CancellationError.self) { try migration.run() }
        var second = LegacyMigration(rows, into: gallery, pictures: nil)
        #expect(try second.run() == report(0, 3))
    }
}
