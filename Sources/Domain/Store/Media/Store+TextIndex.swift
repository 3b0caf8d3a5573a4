import GRDB

extension Store {
    /// Gives the text index some of the files that it has not taken in yet, in one transaction; answers how many.
    ///
    /// At most `limit`, and fewer when `time` is over before; `begun` is called once nobody else writes. A zero byte in a
    /// text goes: the index would stop there.
    func indexTexts(limit: Int, time: Duration, begun: () -> Void = {}) throws -> Int {
        try pool.write { database in
            begun()
            let deadline = Deadline(in: time)
            let waiting = try MediaStatement(
                cached: "SELECT file, text FROM media INDEXED BY media_unsearchable WHERE searchable = 0 LIMIT ?",
                database
            )
            waiting.bind(limit)
            var files: [Int] = []
            var cut: [Int] = []
            while try waiting.step() {
                files.append(waiting.int(0))
                if waiting.bytes(1).contains(0) { cut.append(waiting.int(0)) }
            }
            for file in cut { try Self.removeZeros(file, database) }
            let insert = try database.cachedStatement(
                sql: "INSERT INTO media_text (rowid, name, text) SELECT file, name, text FROM media WHERE file = ?"
            )
            let mark = try database.cachedStatement(sql: "UPDATE media SET searchable = 1 WHERE file = ?")
            for (done, file) in files.enumerated() {
                if done > 0, deadline.isOver { return done }
                try insert.execute(arguments: [file])
                try mark.execute(arguments: [file])
            }
            return files.count
        }
    }

    private static func removeZeros(_ file: Int, _ database: Database) throws {
        let text = try MediaStatement(cached: "SELECT text FROM media WHERE file = ?", database)
        text.bind(file)
        guard try text.step() else { return }
        let cut = String(decoding: text.bytes(0).filter { $0 != 0 }, as: UTF8.self)
        text.reset()
        try database.execute(sql: "UPDATE media SET text = ? WHERE file = ?", arguments: [cut, file])
    }

    /// Joins parts of the text index that many small transactions left, a little at a time; answers whether there was
    /// something to do.
    ///
    /// `all` makes one of all parts, which is worth it after much was taken in: searches then look in one place.
    func mergeTexts(all: Bool, pages: Int) throws -> Bool {
        try pool.write { database in
            let before = database.totalChangesCount
            try database.execute(
                sql: "INSERT INTO media_text (media_text, rank) VALUES ('merge', ?)",
                arguments: [all ? -pages : pages]
            )
            // SQLite counts one change for the command itself.
            return database.totalChangesCount - before >= 2
        }
    }
}
