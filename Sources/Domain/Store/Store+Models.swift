import Foundation
import GRDB

extension Store {
    /// What is read of a model, in the order of ``models(_:)``.
    private static let modelColumns = """
        SELECT model.id, model.sha256, model.path, model.name, model.type, model.size, model.created, model.meta,
            (SELECT count(*) FROM model_sample
                WHERE model_sample.sha256 = model.sha256 AND model_sample.position IS NOT NULL)
        FROM model
        """

    /// The name that is shown, as ``ModelRecord/shownName``.
    private static let shownName = """
        coalesce(
            nullif(model.name, ''),
            substr(model.path, length(rtrim(model.path, replace(model.path, '/', ''))) + 1)
        )
        """

    /// How many models and words there are.
    func modelCounts() throws -> (models: Int, words: Int) {
        try pool.read { database in
            let counts = try Row.fetchOne(
                database,
                sql: "SELECT (SELECT count(*) FROM model), (SELECT count(*) FROM word)"
            )
            return (counts?[0] ?? 0, counts?[1] ?? 0)
        }
    }

    /// The models that a query asks for, by name, then by hash, and how many there are without its bounds.
    func models(_ query: ModelGallery.Query, knownTypes: [String]) throws -> (models: [ModelRecord], total: Int) {
        var condition: SQL
        if let type = query.type {
            condition = "model.type = \(Self.text(type))"
        } else {
            let known = JSON.array(knownTypes.map(JSON.string)).text
            condition = """
                (model.type IS NULL OR model.type = '' OR model.type NOT IN (SELECT value FROM json_each(\(known))))
                """
        }
        if let text = query.text.map(Self.text), !text.isEmpty {
            let folded = text.lowercased()
            condition += """
                 AND (instr(swiftLowercaseString(coalesce(model.name, '')), \(folded)) > 0
                    OR instr(
                        swiftLowercaseString(
                            substr(model.path, length(rtrim(model.path, replace(model.path, '/', ''))) + 1)
                        ), \(folded)) > 0)
                """
        }
        let wanted = Set(query.words)
        if !wanted.isEmpty {
            let words = JSON.array(wanted.map { .int(Int64($0)) }).text
            condition += """
                 AND (
                    SELECT count(*) FROM model_word WHERE model = model.id AND word IN (SELECT value FROM json_each(\(words)))
                ) = \(wanted.count)
                """
        }
        if !query.excludedWords.isEmpty {
            let words = JSON.array(query.excludedWords.map { .int(Int64($0)) }).text
            condition += """
                 AND NOT EXISTS (
                    SELECT 1 FROM model_word WHERE model = model.id AND word IN (SELECT value FROM json_each(\(words)))
                )
                """
        }
        return try pool.read { database in
            let count: SQL = "SELECT count(*) FROM model WHERE \(condition)"
            let total = try SQLRequest<Int>(literal: count).fetchOne(database) ?? 0
            let rows: SQL = """
                \(sql: Self.modelColumns) WHERE \(condition) ORDER BY \(sql: Self.shownName), model.sha256
                LIMIT \(query.limit.map { max(0, $0) } ?? -1) OFFSET \(max(0, query.offset))
                """
            return (try Self.models(try SQLRequest<Row>(literal: rows).fetchAll(database), database), total)
        }
    }

    /// One model; `nil` when there is none.
    func model(_ hash: ContentHash) throws -> ModelRecord? {
        try pool.read { try Self.model(hash, $0) }
    }

    static func model(_ hash: ContentHash, _ database: Database) throws -> ModelRecord? {
        let rows = try Row.fetchAll(
            database,
            sql: modelColumns + " WHERE model.sha256 = ?",
            arguments: [Data(hash.bytes)]
        )
        return try models(rows, database).first
    }

    /// Changes a model; answers it as it was and as it is.
    func changeModel(
        _ hash: ContentHash,
        by changes: (ModelRecord) throws -> ModelGallery.Changes
    ) throws -> (before: ModelRecord, after: ModelRecord) {
        try pool.write { database in
            guard let before = try Self.model(hash, database) else { throw ModelGalleryError.unknownModel }
            let changes = try changes(before)
            var after = before
            if let name = changes.name { after.name = name }
            if let type = changes.type { after.type = type }
            if let meta = changes.meta { after.meta = meta }
            if let path = changes.path { after.path = path }
            let id = try Self.putModel(after, database)
            if let words = changes.words {
                try database.execute(sql: "DELETE FROM model_word WHERE model = ?", arguments: [id])
                try Self.addWords(words, toModel: id, database)
            }
            guard let after = try Self.model(hash, database) else { throw ModelGalleryError.unknownModel }
            return (before, after)
        }
    }

    /// Writes a model's row, in place of the one with its hash, and answers the row's id.
    ///
    /// Its words and samples stay.
    static func putModel(_ model: ModelRecord, _ database: Database) throws -> Int {
        let sql = """
            INSERT INTO model (sha256, path, name, type, size, created, meta) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (sha256) DO UPDATE SET
                path = excluded.path, name = excluded.name, type = excluded.type, size = excluded.size,
                created = excluded.created, meta = excluded.meta
            RETURNING id
            """
        let arguments: StatementArguments = [
            Data(model.hash.bytes), text(model.path), model.name.map(text), model.type.map(text), model.size,
            model.created, ModelMeta.stored(model.meta).text,
        ]
        guard let id = try Int.fetchOne(database, sql: sql, arguments: arguments) else {
            throw DatabaseError(resultCode: .SQLITE_INTERNAL, message: "a model's row has no id")
        }
        return id
    }

    /// Gives a model words beside those it has; throws `unknownWord`.
    static func addWords(_ words: [Int], toModel model: Int, _ database: Database) throws {
        for word in Set(words).sorted() {
            guard try Bool.fetchOne(database, sql: "SELECT 1 FROM word WHERE id = ?", arguments: [word]) != nil else {
                throw ModelGalleryError.unknownWord(word)
            }
            try database.execute(
                sql: "INSERT OR IGNORE INTO model_word (model, word) VALUES (?, ?)",
                arguments: [model, word]
            )
        }
    }

    /// Text as SQLite can keep it: without the zero bytes at which it would end.
    static func text(_ text: String) -> String {
        var text = text
        let hasZero = text.withUTF8 { $0.contains(0) }
        return hasZero ? String(text.unicodeScalars.filter { $0 != "\0" }) : text
    }

    /// Reads rows of ``modelColumns``.
    private static func models(_ rows: [Row], _ database: Database) throws -> [ModelRecord] {
        let words = try words(of: rows.map { $0[0] }, in: .models, database)
        return try rows.map { row in
            let samples = row[8] as Int
            return ModelRecord(
                hash: try hash(row, 1),
                path: row[2],
                name: row[3],
                type: row[4],
                size: row[5],
                created: row[6],
                meta: ModelMeta.shown(try JSONParser.parse(row[7] as String), samples: samples),
                words: words[row[0]] ?? [],
                samples: samples
            )
        }
    }
}
