import GRDB

extension Store {
    /// Which of these paths are those of models or of pending ones, in the same order.
    func areKnownModels(_ paths: [String]) throws -> [Bool] {
        try pool.read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT EXISTS (SELECT 1 FROM pending_model WHERE path = ?1)
                        OR EXISTS (SELECT 1 FROM model WHERE path = ?1)
                    """
            )
            return try paths.map { try Bool.fetchOne(statement, arguments: [$0]) ?? false }
        }
    }

    /// Makes pending records of models that were found; answers their ids in the same order, `nil` for paths that have
    /// become known meanwhile.
    func addPendingModels(_ found: [FoundModel]) throws -> [Int?] {
        try pool.write { database in
            let statement = try database.cachedStatement(
                sql: """
                    INSERT INTO pending_model (path, name, type, size, created, meta)
                    SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS (SELECT 1 FROM model WHERE path = ?1)
                    ON CONFLICT (path) DO NOTHING
                    """
            )
            return try found.map { model in
                let meta = String(decoding: model.info.meta(images: model.images).encoded, as: UTF8.self)
                let before = database.totalChangesCount
                try statement.execute(
                    arguments: [model.path, model.name, model.type, model.size, model.created, meta]
                )
                return database.totalChangesCount == before ? nil : Int(database.lastInsertedRowID)
            }
        }
    }
}
