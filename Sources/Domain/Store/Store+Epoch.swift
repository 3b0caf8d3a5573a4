import GRDB

extension Store {
    /// Notes a start of the server and names its event counter (contracts/realtime.md §3).
    ///
    /// The start's number makes the name new in this database; the random part makes it new even when the
    /// database is set back to an older copy.
    package func beginEpoch(at now: Milliseconds) throws -> String {
        let number = try pool.write { database in
            try database.execute(sql: "INSERT INTO server_start (at) VALUES (?)", arguments: [now])
            return database.lastInsertedRowID
        }
        return String(number, radix: 36) + "-" + String(UInt32.random(in: .min ... .max), radix: 36)
    }
}

extension Store {
    /// When the server started for the first time with this database; `nil` before that.
    package func firstStart() throws -> Milliseconds? {
        try pool.read { try Int.fetchOne($0, sql: "SELECT at FROM server_start ORDER BY number LIMIT 1") }
    }
}
