import Foundation
import GRDB

extension Store {
    /// A sample picture of a model: its row and the name of its files.
    struct ModelSampleRow: Hashable {
        var id: Int
        var name: String
    }

    // MARK: - Reading

    /// How many samples a hash has, as the store knows it.
    static func sampleCount(_ hash: ContentHash, _ database: Database) throws -> Int {
        try Int.fetchOne(
            database.cachedStatement(
                sql: "SELECT count(*) FROM model_sample WHERE sha256 = ? AND position IS NOT NULL"
            ),
            arguments: [Data(hash.bytes)]
        ) ?? 0
    }

    /// The samples of a hash, in order.
    func samples(of hash: ContentHash) throws -> [ModelSampleRow] {
        try sampleRows("sha256 = ? AND position IS NOT NULL ORDER BY position", [Data(hash.bytes)])
    }

    /// One sample of a hash; `nil` when there is none of this number.
    func sample(of hash: ContentHash, _ number: Int) throws -> ModelSampleRow? {
        try sampleRows("sha256 = ? AND position = ?", [Data(hash.bytes), number]).first
    }

    /// All samples that have a number.
    func placedSamples() throws -> [ModelSampleRow] { try sampleRows("position IS NOT NULL") }

    /// Those of them that the library was not seen to have.
    func samplesOutsideLibrary() throws -> [ModelSampleRow] {
        try sampleRows("position IS NOT NULL AND file IS NULL")
    }

    /// The samples that were arriving or leaving.
    func unplacedSamples() throws -> [ModelSampleRow] { try sampleRows("position IS NULL") }

    private func sampleRows(_ condition: String, _ arguments: StatementArguments = []) throws -> [ModelSampleRow] {
        try pool.read { database in
            let statement = try database.cachedStatement(sql: "SELECT id, name FROM model_sample WHERE " + condition)
            return try Row.fetchAll(statement, arguments: arguments).map { ModelSampleRow(id: $0[0], name: $0[1]) }
        }
    }

    // MARK: - Changing

    /// Notes a sample before its files are written; it has no number yet.
    func beginSample(of hash: ContentHash, name: String) throws -> ModelSampleRow {
        try pool.write { database in
            try database.cachedStatement(sql: "INSERT INTO model_sample (sha256, name) VALUES (?, ?)")
                .execute(arguments: [Data(hash.bytes), name])
            return ModelSampleRow(id: Int(database.lastInsertedRowID), name: name)
        }
    }

    /// Makes an arriving sample the last one of its hash; answers its number.
    func placeSample(_ id: Int) throws -> Int {
        try pool.write { try Self.placeSample(id, $0) }
    }

    /// Makes an arriving sample the last one of its hash, inside of a transaction; answers its number.
    static func placeSample(_ id: Int, _ database: Database) throws -> Int {
        let statement = try database.cachedStatement(
            sql: """
                UPDATE model_sample SET position = (
                    SELECT count(*) FROM model_sample AS other
                    WHERE other.sha256 = model_sample.sha256 AND other.position IS NOT NULL
                ) WHERE id = ? AND position IS NULL RETURNING position
                """
        )
        guard let number = try Int.fetchOne(statement, arguments: [id]) else {
            throw DatabaseError(resultCode: .SQLITE_CONSTRAINT, message: "sample \(id) is not arriving")
        }
        return number
    }

    /// Notes which file of the library a sample is; `false` when that file is gone already.
    func setSampleFile(_ file: Int, of id: Int) throws -> Bool {
        try pool.write { database in
            try database.cachedStatement(
                sql: "UPDATE model_sample SET file = ?1 WHERE id = ?2 AND EXISTS (SELECT 1 FROM file WHERE id = ?1)"
            ).execute(arguments: [file, id])
            return database.changesCount > 0
        }
    }

    /// Takes its number from a sample, those behind it moving down; `nil` when there is none of this number.
    func leaveSample(of hash: ContentHash, _ number: Int) throws -> ModelSampleRow? {
        try pool.write { database in
            let statement = try database.cachedStatement(
                sql: "UPDATE model_sample SET position = NULL WHERE sha256 = ? AND position = ? RETURNING id, name"
            )
            return try Row.fetchOne(statement, arguments: [Data(hash.bytes), number]).map {
                ModelSampleRow(id: $0[0], name: $0[1])
            }
        }
    }

    /// Forgets a sample whose file is gone, those behind it moving down; one that is leaving anyway stays for now.
    func forgetSample(_ id: Int) throws {
        try pool.write { database in
            try database.cachedStatement(sql: "DELETE FROM model_sample WHERE id = ? AND position IS NOT NULL")
                .execute(arguments: [id])
        }
    }

    /// Removes the row of a sample whose files are gone, and the file at `path` from the library.
    func endSample(_ id: Int, path: String) throws -> LibraryChanges {
        try pool.write { database in
            try database.cachedStatement(sql: "DELETE FROM model_sample WHERE id = ? AND position IS NULL")
                .execute(arguments: [id])
            return try Self.apply([.removed(path, isKept: false)], database).changes
        }
    }

    // MARK: - Pictures that wait

    /// The names of the pictures of a record, in order; none when there is no such record.
    func pendingPictures(of id: Int) throws -> [String] {
        try pool.read { database in
            let meta = try String.fetchOne(
                database,
                sql: "SELECT meta FROM pending_model WHERE id = ?",
                arguments: [id]
            )
            return try meta.map(Self.pictureNames) ?? []
        }
    }

    /// The names of the pictures of all records.
    func pendingPictures() throws -> Set<String> {
        try pool.read { database in
            var names: Set<String> = []
            let metas = try String.fetchCursor(
                database,
                sql: "SELECT meta FROM pending_model WHERE meta LIKE '%\"images\"%'"
            )
            while let meta = try metas.next() { names.formUnion(try Self.pictureNames(meta)) }
            return names
        }
    }

    private static func pictureNames(_ meta: String) throws -> [String] {
        try JSONParser.parse(meta)["images"]?.array?.compactMap(\.string) ?? []
    }
}
