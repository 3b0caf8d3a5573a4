import CSQLite
import GRDB

/// The library's one SQLite file: a writer and a pool of readers (WAL), brought up to date by migrations.
///
/// SQL stands in this folder and nowhere else. What leaves it are values; no row or statement escapes.
package struct Store: Sendable {
    /// The connections; for the files of this folder.
    let pool: DatabasePool
    /// The paths of the library's directories, for searches.
    let directories = MediaDirectoryCache()
    /// The newest rows of the index, for searches.
    var heads = MediaHeadCache()

    /// Opens or creates the file at `path` and migrates it.
    ///
    /// Throws GRDB's `DatabaseError` when the file cannot be opened, is no database, or was written by a newer
    /// version of the server.
    package init(path: String) throws {
        _ = Self.isConfigured
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { database in
            // A committed transaction survives the crash of the process; WAL needs no fsync a transaction for that.
            try database.execute(sql: "PRAGMA synchronous = NORMAL")
            try database.execute(sql: "PRAGMA cache_size = -6144")
            ConnectionNumber.add(to: database)
        }
        pool = try DatabasePool(path: path, configuration: configuration)
        try Self.migrator.migrate(pool)
        try pool.writeWithoutTransaction { database in
            // A scan's batches touch thousands of pages, most of them again in the next: the writer keeps them, and
            // copies them from the log to the file less often.
            try database.execute(sql: "PRAGMA cache_size = -32768")
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 8192")
            try database.execute(sql: "PRAGMA journal_size_limit = 67108864")
        }
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 server", migrate: ServerSchema.create)
        migrator.registerMigration("1 library", migrate: LibrarySchema.create)
        migrator.registerMigration("1 tasks", migrate: TaskSchema.create)
        migrator.registerMigration("4 index", migrate: IndexSchema.create)
        migrator.registerMigration("4 operations", migrate: OperationSchema.create)
        migrator.registerMigration("5 models", migrate: ModelSchema.create)
        migrator.registerMigration("5 system words", migrate: SystemWords.add)
        migrator.registerMigration("9 kept files", migrate: KeptSchema.create)
        return migrator
    }

    /// Has SQLite count no memory, for which its threads would wait for each other, and write journals of single statements
    /// to files only when they are long.
    ///
    /// The first store of the process does it; `false` when SQLite was in use before.
    static let isConfigured = csqlite_configure() == SQLITE_OK

    /// Closes all connections; later calls throw.
    package func close() throws { try pool.close() }
}
