import GRDB

extension Store {
    /// How many files of a directory, without those below it, the library knows.
    func fileCount(in path: String, of root: Int) throws -> Int {
        try pool.read { database in
            let sql = """
                SELECT count(*) FROM directory JOIN file ON file.directory = directory.id
                WHERE directory.root = ? AND directory.path = ?
                """
            return try Int.fetchOne(database, sql: sql, arguments: [root, path]) ?? 0
        }
    }

    /// All directories of the library by their absolute paths, with when they were last changed before they were read,
    /// in nanoseconds since 1970; `nil` for one that has not been read, and for a root of which nothing is known yet.
    func directoryTimes() throws -> [(path: String, modified: Int?)] {
        try pool.read { database in
            let sql = """
                SELECT library_root.path, coalesce(directory.path, ''), directory.mtime_ns
                FROM library_root LEFT JOIN directory ON directory.root = library_root.id
                WHERE library_root.leaving = 0
                """
            return try Row.fetchAll(database, sql: sql).map { row in
                let (root, path): (String, String) = (row[0], row[1])
                return (path.isEmpty ? root : FolderPath.joined(root, path), row[2])
            }
        }
    }
}
