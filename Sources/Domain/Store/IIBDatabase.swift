import Foundation
import GRDB

/// The database of an Infinite Image Browsing server, read only (contracts/iib.md, Storage facts).
///
/// Tables and columns that came with later versions of it may be missing.
package struct IIBDatabase: Sendable {
    /// Why a file is no such database.
    package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        case unreadable(String, reason: String)
        /// It can be read, but a table is missing.
        case foreign(String, missing: String)

        package var description: String {
            switch self {
            case .unreadable(let path, let reason): "\(path): the database cannot be read (\(reason))"
            case .foreign(let path, let missing):
                "\(path): this is no database of Infinite Image Browsing (it has no table \(missing))"
            }
        }
    }

    private let queue: DatabaseQueue

    /// Opens the file at `path` without ever writing to it.
    package init(path: String) throws(Failure) {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            let tables = try queue.read { database in
                try Set(String.fetchAll(database, sql: "SELECT name FROM sqlite_master WHERE type = 'table'"))
            }
            for table in ["image", "tag", "image_tag"] where !tables.contains(table) {
                throw Failure.foreign(path, missing: table)
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw .unreadable(path, reason: (error as? DatabaseError)?.message ?? "\(error)")
        }
    }

    /// The folders that people added.
    package func extraPaths() throws -> [ExtraPath] {
        try queue.read { database in
            guard try database.tableExists("extra_path") else { return [] }
            let alias = try Self.has("alias", in: "extra_path", database) ? "alias" : "NULL"
            return try Row.fetchAll(database, sql: "SELECT path, type, \(alias) FROM extra_path ORDER BY path")
                .compactMap { row in
                    guard let path = row[0] as String? else { return nil }
                    let types = (row[1] as String? ?? "").split(separator: "+").map(String.init)
                    return ExtraPath(path: path, types: types, alias: row[2] ?? "")
                }
        }
    }

    /// What its clients kept on the server: names and JSON texts.
    package func settings() throws -> [(name: String, json: String)] {
        try queue.read { database in
            guard try database.tableExists("global_setting") else { return [] }
            return try Row.fetchAll(database, sql: "SELECT name, setting_json FROM global_setting ORDER BY name")
                .compactMap { row in
                    guard let name = row[0] as String?, let json = row[1] as String? else { return nil }
                    return (name, json)
                }
        }
    }

    /// The tags that people made, by id; their ids are those of that database.
    package func customTags() throws -> [MediaTag] {
        try queue.read { database in
            let color = try Self.has("color", in: "tag", database) ? "color" : "NULL"
            return try Row.fetchAll(
                database,
                sql: "SELECT id, name, \(color) FROM tag WHERE type = 'custom' ORDER BY id"
            ).compactMap { row in
                guard let name = row[1] as String? else { return nil }
                return MediaTag(id: row[0], name: name, type: MediaTag.custom, color: row[2] ?? "")
            }
        }
    }

    /// The paths of the files that have a tag.
    package func paths(withTag tag: Int) throws -> [String] {
        try queue.read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT image.path FROM image_tag JOIN image ON image.id = image_tag.image_id
                    WHERE image_tag.tag_id = ? AND image.path IS NOT NULL ORDER BY image.path
                    """,
                arguments: [tag]
            )
        }
    }

    /// The texts that people wrote in place of what the files say, by path.
    package func editedTexts() throws -> [(path: String, text: String)] {
        try queue.read { database in
            guard try Self.has("exif_edited", in: "image", database) else { return [] }
            return try Row.fetchAll(
                database,
                sql: "SELECT path, exif FROM image WHERE exif_edited AND path IS NOT NULL ORDER BY path"
            ).map { ($0[0], $0[1] ?? "") }
        }
    }

    private static func has(_ column: String, in table: String, _ database: Database) throws -> Bool {
        try database.columns(in: table).contains { $0.name == column }
    }
}
