import GRDB

/// The table of what is being done to files, written down before the disk is touched.
///
/// A row is there from before the first change of an operation until after its last; after a crash it says what the
/// disk may show half of (``FileRecovery``).
enum OperationSchema {
    static func create(_ database: Database) throws {
        // phase: 1 copies are made, 2 files change their names, 3 the rows have followed and what is left is removed.
        // plan: a `FilePlan` as JSON.
        try database.execute(
            sql: """
                CREATE TABLE file_operation (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    phase INTEGER NOT NULL CHECK (phase IN (1, 2, 3)),
                    started INTEGER NOT NULL,
                    plan TEXT NOT NULL
                ) STRICT;
                """
        )
    }
}
