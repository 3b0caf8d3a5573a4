import GRDB

extension Store {
    /// The roots with their names and how many files lie below each, in the order in which they were added.
    func rootSummaries() throws -> [LibraryRootSummary] {
        try pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT library_root.id, library_root.path, count(file.id)
                    FROM library_root
                    LEFT JOIN directory ON directory.root = library_root.id
                    LEFT JOIN file ON file.directory = directory.id
                    WHERE library_root.leaving = 0
                    GROUP BY library_root.id ORDER BY library_root.id
                    """
            ).map { row in
                let path: String = row[1]
                let name = path.split(separator: "/").last.map(String.init) ?? path
                return LibraryRootSummary(id: row[0], path: path, name: name, files: row[2])
            }
        }
    }
}

extension Library {
    /// The roots as people are shown them.
    package func rootSummaries() throws -> [LibraryRootSummary] { try store.rootSummaries() }
}
