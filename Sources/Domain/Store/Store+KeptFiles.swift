import GRDB

/// What waits for files that no content tells of (``KeptSchema``).
extension Store {
    /// Gives new files what waits for them: the words on a file that was where they are, or looked as they do, and on one
    /// that an editor put aside to write them.
    static func giveKept(to files: [Int], _ database: Database) throws {
        guard !files.isEmpty else { return }
        if try isAny("kept_file", database) {
            let found = try Row.fetchAll(database.cachedStatement(sql: returned), arguments: [json(files)])
            var given: Set<Int> = []
            for row in found where given.insert(row[1]).inserted { try giveBack(kept: row[1], to: row[0], database) }
        }
        if try isAny("replaced_name", database) { try giveReplaced(to: files, database) }
    }

    /// Which of the new files, a JSON array of ids, are which of those that wait, the surest first: by the number on the
    /// disk, by the path, and by size, time and name, which say nothing of empty files.
    ///
    /// Numbers are given out again, and many small files may be of one time: a broken file is its path first, and its
    /// number tells least of it; of empty ones the name must be the same too.
    /// Many may be of one size and time, so the number is looked for by itself (`+`).
    private static let returned = """
        WITH new (id, folder, name, size, mtime_ns, inode) AS MATERIALIZED (
            SELECT file.id, \(KeptSchema.folder), file.name, file.size, file.mtime_ns, file.inode
            FROM json_each(?) AS given
            CROSS JOIN file ON file.id = given.value
            CROSS JOIN media ON media.file = file.id
            CROSS JOIN directory ON directory.id = file.directory
            CROSS JOIN library_root ON library_root.id = directory.root
        )
        SELECT new.id, kept_file.file, CASE kept_file.by_name WHEN 1 THEN 4 ELSE 1 END AS doubt
            FROM new CROSS JOIN kept_file
            ON kept_file.inode = new.inode AND +kept_file.size = new.size AND +kept_file.mtime_ns = new.mtime_ns
                AND (new.size > 0 OR +kept_file.name = new.name)
        UNION ALL
        SELECT new.id, kept_file.file, 2 FROM new CROSS JOIN kept_file
            ON kept_file.folder = new.folder AND kept_file.name = new.name
                AND (kept_file.by_name = 1 OR kept_file.size = new.size)
        UNION ALL
        SELECT new.id, kept_file.file, 3 FROM new CROSS JOIN kept_file
            ON kept_file.size = new.size AND kept_file.mtime_ns = new.mtime_ns AND kept_file.name = new.name
            WHERE new.size > 0
        ORDER BY 3, 2, 1
        """

    /// Gives what waits since these files went to copies of them that were taken in before, as a slow move leaves them:
    /// newer ones of the same size, time and name.
    static func passOnKept(from files: [Int], _ changes: inout LibraryChanges, _ database: Database) throws {
        guard !files.isEmpty, try isAny("kept_file", database) else { return }
        let waiting = try Row.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT file, name, size, mtime_ns FROM json_each(?) AS gone
                    CROSS JOIN kept_file ON kept_file.file = gone.value WHERE size > 0 ORDER BY file
                    """
            ),
            arguments: [json(files)]
        ).map { (file: $0[0] as Int, look: Look($0, from: 1)) }
        let find = try database.cachedStatement(
            sql: """
                SELECT media.file, media.name, media.size, file.mtime_ns
                FROM media CROSS JOIN file ON file.id = media.file
                WHERE media.date = ? AND media.file > ? ORDER BY media.file
                """
        )
        // Many files may be of one second: they are read once, not for each.
        for (second, group) in Dictionary(grouping: waiting, by: { FileTime.seconds($0.look.modified) }) {
            guard let oldest = group.first?.file else { continue }
            let wanted = Set(group.map(\.look))
            var copies: [Look: [Int]] = [:]
            let rows = try Row.fetchCursor(find, arguments: [second, oldest])
            while let row = try rows.next() {
                let look = Look(row, from: 1)
                if wanted.contains(look) { copies[look, default: []].append(row[0]) }
            }
            for (file, look) in group {
                guard let heir = copies[look]?.first(where: { $0 > file }) else { continue }
                try giveBack(kept: file, to: heir, database)
                let item = try database.cachedStatement(sql: itemColumns + " WHERE file.id = ?")
                if let row = try Row.fetchOne(item, arguments: [heir]) { changes.changed.append(try Self.item(row)) }
            }
        }
    }

    /// How a file looks wherever it lies.
    private struct Look: Hashable {
        var name: ByteText
        var size: Int
        var modified: Int

        init(_ row: Row, from column: Int) {
            name = ByteText(row[column])
            size = row[column + 1]
            modified = row[column + 2]
        }
    }

    /// Whether a table has a row.
    static func isAny(_ table: String, _ database: Database) throws -> Bool {
        try Bool.fetchOne(database.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM \(table))")) ?? false
    }

    private static func giveBack(kept: Int, to file: Int, _ database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO custom_tag (file, tag, added) SELECT ?, tag, added FROM kept_file_tag WHERE file = ?
                """
        )
        .execute(arguments: [file, kept])
        let find = try database.cachedStatement(sql: "SELECT text FROM kept_file WHERE file = ? AND text IS NOT NULL")
        if let text = try String.fetchOne(find, arguments: [kept]) { _ = try setOwn(text, of: file, database) }
        try database.cachedStatement(sql: "DELETE FROM kept_file WHERE file = ?").execute(arguments: [kept])
    }
}
