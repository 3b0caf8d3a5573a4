import GRDB

extension Store {
    /// Makes a row with a hash a model, or fills what is empty in the one that is there; `sample` becomes its last
    /// sample.
    func takeLegacy(_ row: LegacyModel, _ hash: ContentHash, sample: Int?) throws -> ModelChanges {
        try pool.write { database in
            let existing = try Self.model(hash, database)
            let found = row.model(hash)
            let id = try Self.putModel(existing?.filled(from: found) ?? found, database)
            let (words, added) = try Self.addWords(row.words, database)
            try Self.addWords(words.map(\.id), toModel: id, database)
            if let sample { _ = try Self.placeSample(sample, database) }
            var changes = ModelChanges(words: added)
            if let written = try Self.model(hash, database), written != existing {
                changes.models = [(existing == nil ? .added : .changed, written)]
            }
            return changes
        }
    }

    /// Has a row wait under its own id, or under the next free one when another record has it.
    ///
    /// Throws when a record of its path waits already.
    func takeLegacy(_ row: LegacyModel, picture: String?) throws -> ModelChanges {
        try pool.write { database in
            let (words, added) = try Self.addWords(row.words, database)
            var record = row.pending(picture: picture)
            record.words = words
            let isKept = try row.id > 0 && Self.addPending(record, keepsID: true, database) != nil
            guard try isKept || Self.addPending(record, database) != nil else {
                throw DatabaseError(resultCode: .SQLITE_CONSTRAINT, message: "the path waits already")
            }
            return ModelChanges(words: added)
        }
    }

    /// Whether a record of this path waits.
    func isPending(_ path: String) throws -> Bool {
        try pool.read { database in
            let sql = "SELECT EXISTS (SELECT 1 FROM pending_model WHERE path = ?)"
            return try Bool.fetchOne(database, sql: sql, arguments: [Self.text(path)]) ?? false
        }
    }
}
