import Foundation
import GRDB

extension Store {
    /// What is read of a pending model, in the order of ``pendingModels(_:_:)``.
    private static let pendingColumns = """
        SELECT id, path, sha256, name, type, size, created, meta FROM pending_model
        """

    /// All that wait, oldest first; of those of one time or of none, the first that came.
    func pendingModels() throws -> [PendingModel] {
        try pool.read { database in
            let rows = try Row.fetchAll(database, sql: Self.pendingColumns + " ORDER BY created, id")
            return try Self.pendingModels(rows, database)
        }
    }

    /// One that waits; `nil` when there is none.
    func pendingModel(_ id: Int) throws -> PendingModel? { try pool.read { try Self.pendingModel(id, $0) } }

    static func pendingModel(_ id: Int, _ database: Database) throws -> PendingModel? {
        let rows = try Row.fetchAll(database, sql: pendingColumns + " WHERE id = ?", arguments: [id])
        return try pendingModels(rows, database).first
    }

    /// Adds a record with its words, under the next free id unless `keepsID`.
    ///
    /// Answers its id; `nil` when its path waits already, or its id is taken. Throws `unknownWord`.
    static func addPending(_ record: PendingModel, keepsID: Bool = false, _ database: Database) throws -> Int? {
        let sql = """
            INSERT INTO pending_model (id, path, name, type, size, created, meta) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING RETURNING id
            """
        let arguments: StatementArguments = [
            keepsID ? record.id : nil, text(record.path), record.name.map(text), record.type.map(text), record.size,
            record.created, ModelMeta.stored(record.meta).text,
        ]
        guard let id = try Int.fetchOne(database, sql: sql, arguments: arguments) else { return nil }
        for word in record.words {
            guard try Bool.fetchOne(database, sql: "SELECT 1 FROM word WHERE id = ?", arguments: [word.id]) != nil
            else {
                throw ModelGalleryError.unknownWord(word.id)
            }
            try database.execute(
                sql: "INSERT OR IGNORE INTO pending_model_word (pending, word) VALUES (?, ?)",
                arguments: [id, word.id]
            )
        }
        return id
    }

    /// Reads rows of ``pendingColumns``.
    private static func pendingModels(_ rows: [Row], _ database: Database) throws -> [PendingModel] {
        let words = try words(of: rows.map { $0[0] }, in: .pending, database)
        return try rows.map { row in
            PendingModel(
                id: row[0],
                path: row[1],
                hash: (row[2] as Data?).flatMap { ContentHash(bytes: $0) },
                name: row[3],
                type: row[4],
                size: row[5],
                created: row[6],
                meta: ModelMeta.shownPending(try JSONParser.parse(row[7] as String)),
                words: words[row[0]] ?? []
            )
        }
    }
}
