import Foundation
import GRDB

@testable import Domain

/// A library with one root and its index, over a real database in a temporary folder.
final class IndexUnderTest: Sendable {
    let test: TestLibrary
    let folder: TemporaryFolder
    let root: String
    let index: MediaIndex

    init() throws {
        test = try TestLibrary()
        folder = try TemporaryFolder()
        root = try folder.makeFolder("root")
        try test.library.addRoot(root)
        index = MediaIndex(library: test.library, threads: BlockingThreads(count: 4))
    }

    var store: Store { test.store }

    @discardableResult
    func scan(full: Bool = false) throws -> ScanReport { try test.scan(full: full) }

    /// Writes a file below the root; answers its absolute path.
    @discardableResult
    func write(_ bytes: [UInt8], _ name: String) throws -> String { try folder.write(bytes, "root/\(name)") }

    /// The id of the file at a path below the root.
    func id(_ name: String) throws -> Int? {
        let places = try test.library.places(of: [root + "/" + name])
        return try store.indexedFiles(places).values.first?.id
    }

    /// Gives a file a tag of this name, as people do.
    func tag(_ name: String, _ tag: String) throws {
        guard let id = try id(name) else { throw Missing() }
        try store.pool.write { database in
            try database.execute(
                sql: "INSERT INTO tag (name, type) VALUES (?, 'custom') ON CONFLICT DO NOTHING",
                arguments: [tag]
            )
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO custom_tag (file, tag, added)
                    SELECT ?, id, 1 FROM tag WHERE name = ? AND type = 'custom'
                    """,
                arguments: [id, tag]
            )
        }
    }

    /// The names of a file's custom tags.
    func tags(_ name: String) throws -> Set<String> {
        guard let id = try id(name) else { return [] }
        return try store.pool.read { database in
            try Set(
                String.fetchAll(
                    database,
                    sql: "SELECT tag.name FROM custom_tag JOIN tag ON tag.id = custom_tag.tag WHERE file = ?",
                    arguments: [id]
                )
            )
        }
    }

    /// One column of the index's row of a file.
    func column<Value: DatabaseValueConvertible>(_ column: String, _ name: String) throws -> Value? {
        guard let id = try id(name) else { return nil }
        return try store.pool.read {
            try Value.fetchOne($0, sql: "SELECT \(column) FROM media WHERE file = ?", arguments: [id])
        }
    }

    /// Puts all texts into the text index, as its feeder does.
    func feedTexts() throws {
        try store.pool.write { database in
            try database.execute(
                sql: """
                    INSERT INTO media_text (rowid, name, text) SELECT file, name, text FROM media WHERE searchable = 0;
                    UPDATE media SET searchable = 1 WHERE searchable = 0;
                    """
            )
        }
    }

    /// What is wrong with the index.
    func problems() throws -> [String] {
        let problems = try IndexChecker(store: store, excluded: test.library.excluded).problems()
        // Expectations do not show what an expression with `try` gave.
        if !problems.isEmpty { print(problems.joined(separator: "\n")) }
        return problems
    }

    struct Missing: Error {}
}
