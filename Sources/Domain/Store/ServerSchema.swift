import GRDB

/// The table that counts the server's starts.
enum ServerSchema {
    static func create(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE server_start (
                    number INTEGER PRIMARY KEY AUTOINCREMENT,
                    at INTEGER NOT NULL
                )
                """
        )
    }
}
