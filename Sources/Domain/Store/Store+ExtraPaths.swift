import Foundation
import GRDB

extension Store {
    /// An extra path, and where it was when it was last there.
    struct StoredExtraPath {
        var entry: ExtraPath
        /// Absolute, its links resolved; `nil` as long as it has not been there.
        var folder: String?
    }

    /// The extra paths, in the order in which they were added.
    func extraPaths() throws -> [StoredExtraPath] {
        try pool.read(Self.extraPaths)
    }

    private static func extraPaths(_ database: Database) throws -> [StoredExtraPath] {
        try Row.fetchAll(database, sql: extraPathColumns + " ORDER BY id").map(extraPath)
    }

    private static let extraPathColumns = "SELECT path, types, alias, folder FROM extra_path"

    private static func extraPath(_ row: Row) -> StoredExtraPath {
        StoredExtraPath(entry: ExtraPath(path: row[0], types: words(row[1]), alias: row[2]), folder: row[3])
    }

    /// Adds types to an extra path, which is made when it is missing.
    func addExtraPath(_ path: String, types: [String]) throws {
        try pool.write { database in
            let known = try Self.extraPath(path, database)?.entry.types ?? []
            var merged = known
            for type in types where !merged.contains(type) { merged.append(type) }
            try database.execute(
                sql: """
                    INSERT INTO extra_path (path, types) VALUES (?, ?)
                    ON CONFLICT (path) DO UPDATE SET types = excluded.types
                    """,
                arguments: [path, Self.text(merged)]
            )
        }
    }

    /// Notes where an extra path lies.
    func setFolder(_ folder: String, ofExtraPath path: String) throws {
        try pool.write { database in
            try database.execute(sql: "UPDATE extra_path SET folder = ? WHERE path = ?", arguments: [folder, path])
        }
    }

    /// Names an extra path and answers it; `nil` when there is none.
    func setAlias(_ alias: String, ofExtraPath path: String) throws -> ExtraPath? {
        try pool.write { database in
            try database.execute(sql: "UPDATE extra_path SET alias = ? WHERE path = ?", arguments: [alias, path])
            return try Self.extraPath(path, database)?.entry
        }
    }

    /// Takes types from an extra path, which goes with the last of them; `nil` takes all.
    ///
    /// When it goes, the root of its folder leaves the library, unless that is to be kept: the answer is the id of the
    /// leaving root. `keeping` is asked with the paths of the other entries, where they lie.
    func removeExtraPath(
        _ path: String,
        types: [String]?,
        keeping: (_ others: [String]) -> [KeptFolder],
        at now: Milliseconds
    ) throws -> Int? {
        try pool.write { database in
            guard let known = try Self.extraPath(path, database) else { return nil }
            let left = known.entry.types.filter { type in types.map { !$0.contains(type) } ?? false }
            guard left.isEmpty else {
                try database.execute(
                    sql: "UPDATE extra_path SET types = ? WHERE path = ?",
                    arguments: [Self.text(left), path]
                )
                return nil
            }
            try database.execute(sql: "DELETE FROM extra_path WHERE path = ?", arguments: [path])
            let others = try Self.extraPaths(database).map { $0.folder ?? $0.entry.path }
            return try Self.leaveRoot(known.folder ?? path, keeping: keeping(others), at: now, database)
        }
    }

    private static func extraPath(_ path: String, _ database: Database) throws -> StoredExtraPath? {
        try Row.fetchOne(database, sql: extraPathColumns + " WHERE path = ?", arguments: [path]).map(extraPath)
    }

    /// The words of a JSON array; what is none of ours has none.
    private static func words(_ json: String) -> [String] {
        (try? JSONParser.parse(json))?.array?.compactMap(\.string) ?? []
    }

    private static func text(_ words: [String]) -> String {
        String(decoding: JSON.array(words.map { .string($0) }).encoded, as: UTF8.self)
    }
}
