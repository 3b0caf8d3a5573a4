import GRDB

extension Store {
    /// What clients keep on the server: JSON texts by name.
    func clientSettings() throws -> [(name: String, json: String)] {
        try pool.read { database in
            try Row.fetchAll(database, sql: "SELECT name, value FROM client_setting ORDER BY name")
                .map { ($0[0], $0[1]) }
        }
    }

    /// What is kept under a name, a JSON text; `nil` when there is nothing.
    func clientSetting(_ name: String) throws -> String? {
        try pool.read { database in
            try String.fetchOne(
                database,
                sql: "SELECT value FROM client_setting WHERE name = ?",
                arguments: [name]
            )
        }
    }

    /// Keeps a JSON text.
    func setClientSetting(_ name: String, to json: String) throws {
        try pool.write { database in
            try database.execute(
                sql: """
                    INSERT INTO client_setting (name, value) VALUES (?, ?)
                    ON CONFLICT (name) DO UPDATE SET value = excluded.value
                    """,
                arguments: [name, json]
            )
        }
    }

    /// Forgets what is kept under a name.
    func removeClientSetting(_ name: String) throws {
        try pool.write { try $0.execute(sql: "DELETE FROM client_setting WHERE name = ?", arguments: [name]) }
    }
}
