import Foundation
import GRDB

/// The database of an older gallery of models, read only (contracts/gallery.md §4, migrate_legacy_db).
///
/// Columns hold whatever somebody wrote into them: what is of another kind than it should be counts as missing.
struct LegacyModelDatabase {
    private let queue: DatabaseQueue

    /// Opens the file at `path` without ever writing to it; throws ``LegacyMigrationError/unreadable(_:)``.
    init(path: String) throws(LegacyMigrationError) {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA trusted_schema = OFF") }
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            guard try queue.read({ try $0.tableExists("models") }) else {
                throw LegacyMigrationError.unreadable("it has no table models")
            }
        } catch let error as LegacyMigrationError {
            throw error
        } catch {
            throw Self.unreadable(error)
        }
    }

    /// All rows, by id; tables of tags may be missing.
    ///
    /// Throws ``LegacyMigrationError/unreadable(_:)``.
    func models() throws(LegacyMigrationError) -> [LegacyModel] {
        do {
            return try queue.read { database in
                let words = try Self.words(database)
                var models: [LegacyModel] = []
                let rows = try Row.fetchCursor(database, sql: "SELECT * FROM models")
                while let row = try rows.next() { models.append(Self.model(row, words)) }
                return models.sorted { $0.id < $1.id }
            }
        } catch {
            throw Self.unreadable(error)
        }
    }

    /// The names of all tags, by id, whether models have them or not; none without such a table.
    ///
    /// Throws ``LegacyMigrationError/unreadable(_:)``.
    func words() throws(LegacyMigrationError) -> [String] {
        do {
            return try queue.read { database in
                guard try database.tableExists("tags") else { return [] }
                return try Row.fetchAll(database, sql: "SELECT name FROM tags ORDER BY id").compactMap {
                    Self.text($0[0])
                }
            }
        } catch {
            throw Self.unreadable(error)
        }
    }

    private static func unreadable(_ error: any Error) -> LegacyMigrationError {
        .unreadable((error as? DatabaseError)?.message ?? "\(error)")
    }

    private static func model(_ row: Row, _ words: [Int: [String]]) -> LegacyModel {
        let id = int(row["id"]) ?? 0
        return LegacyModel(
            id: id,
            hash: text(row["hash_hex"]).flatMap { ContentHash(hex: $0) },
            path: text(row["path"]) ?? "",
            name: text(row["name"]),
            type: text(row["type"]),
            size: int(row["size_bytes"]).flatMap { $0 > 0 ? $0 : nil },
            created: int(row["created_at"]).flatMap { $0 > 0 ? $0 : nil },
            meta: ModelMeta.stored(text(row["extra_json"]).flatMap { try? JSONParser.parse($0) } ?? [:]),
            words: words[id] ?? []
        )
    }

    /// The names of the tags of each model, by the model's id.
    private static func words(_ database: Database) throws -> [Int: [String]] {
        guard try database.tableExists("tags"), try database.tableExists("model_tags") else { return [:] }
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT model_tags.model_id, tags.name FROM model_tags JOIN tags ON tags.id = model_tags.tag_id
                ORDER BY tags.id
                """
        )
        return rows.reduce(into: [:]) { words, row in
            guard let model = int(row[0]), let name = text(row[1]) else { return }
            words[model, default: []].append(name)
        }
    }

    /// A text that is not empty.
    private static func text(_ value: DatabaseValue?) -> String? {
        guard case .string(let text)? = value?.storage, !text.isEmpty else { return nil }
        return text
    }

    private static func int(_ value: DatabaseValue?) -> Int? {
        switch value?.storage {
        case .int64(let number)?: Int(exactly: number)
        case .double(let number)?: Int(exactly: number.rounded())
        default: nil
        }
    }
}
