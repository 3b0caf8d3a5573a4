import GRDB

extension Store {
    /// Which ids records keep: those that clients in JavaScript can name, and after which there are more.
    private static let ids = 1...(1 << 53)

    /// Makes a row with a hash a model, or fills what is empty in the one that is there; `sample` becomes its last
    /// sample, unless it has got some meanwhile.
    ///
    /// Answers whether it did.
    func takeLegacy(_ row: LegacyModel, _ hash: ContentHash, sample: Int?) throws -> (Bool, ModelChanges) {
        try pool.write { database in
            let existing = try Self.model(hash, database)
            let found = row.model(hash)
            let id = try Self.putModel(existing?.filled(from: found) ?? found, database)
            let (words, added) = try Self.addWords(row.words, database)
            try Self.addWords(words.map(\.id), toModel: id, database)
            let isPlaced = try sample != nil && Self.sampleCount(hash, database) == 0
            if let sample, isPlaced { _ = try Self.placeSample(sample, database) }
            var changes = ModelChanges(words: added)
            if let written = try Self.model(hash, database), written != existing {
                changes.models = [(existing == nil ? .added : .changed, written)]
            }
            return (isPlaced, changes)
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
            let isKept = try Self.ids.contains(row.id) && Self.addPending(record, keepsID: true, database) != nil
            guard try isKept || Self.addPending(record, database) != nil else {
                throw DatabaseError(resultCode: .SQLITE_CONSTRAINT, message: "the path waits already")
            }
            return ModelChanges(words: added)
        }
    }
}
