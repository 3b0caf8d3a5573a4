import GRDB

extension Store {
    /// Takes in files that a scan examined: their rows, what the index keeps of them, and their tags.
    static func take(
        _ files: [FoundFile],
        _ directories: inout DirectoryRows,
        _ tags: inout TagCache,
        _ changes: inout LibraryChanges,
        at now: Milliseconds,
        _ database: Database
    ) throws {
        guard !files.isEmpty else { return }
        // The tags of all new rows are linked together below, in the order of the table.
        try database.cachedStatement(sql: "INSERT INTO index_batch (id) VALUES (1)").execute()
        tags.makeRoom()
        var fileTags = try BatchTags(database: database)
        let insert = try WriteStatement(insertion, database)
        var placed: [(id: Int, isNew: Bool, directory: Int)] = []
        placed.reserveCapacity(files.count)
        // By their numbers: each copy of such a value would count a dozen references.
        for number in files.indices {
            let directory = try directories.id(of: files[number].directory)
            let (id, isNew) = try row(of: files[number], in: directory, at: now, insert, database)
            placed.append((id, isNew, directory))
            try fileTags.add(files[number].description?.tags ?? [], isNew: isNew, &tags)
        }
        try fileTags.make(&tags)
        var rows = try MediaRows(database: database)
        for number in files.indices {
            let (id, isNew, directory) = placed[number]
            guard let description = files[number].description else {
                if !isNew { try rows.remove(id) }
                continue
            }
            let ids = fileTags.ids(ofFile: number)
            if try rows.put(description, of: files[number], id: id, directory: directory, tags: ids, isNew: isNew) {
                fileTags.count(ids)
            }
        }
        try rows.link()
        try giveKept(to: placed.filter(\.isNew).map(\.id), database)
        try fileTags.writeCounts()
        changes.tags += fileTags.made.map { CatalogChange(.added, name: $0.name, item: $0.json) }
        try database.cachedStatement(sql: "DELETE FROM index_batch").execute()
        let item = try database.cachedStatement(sql: itemColumns + " WHERE file.id = ?")
        for file in rows.retagged {
            if let row = try Row.fetchOne(item, arguments: [file]) { changes.changed.append(try Self.item(row)) }
        }
    }

    private static let insertion = """
        INSERT INTO file (directory, name, size, mtime_ns, inode, sidecar, reader, added, hashed)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """

    /// The row of a file, made or brought up to date.
    private static func row(
        of file: FoundFile,
        in directory: Int,
        at now: Milliseconds,
        _ insert: WriteStatement,
        _ database: Database
    ) throws -> (id: Int, isNew: Bool) {
        if let known = file.known, try refresh(known, as: file, database) { return (known, false) }
        insert.bind(directory)
        insert.bind(file.name)
        insert.bind(file.size)
        insert.bind(file.modified)
        insert.bind(file.inode)
        insert.bind(file.sidecar)
        insert.bind(MediaReader.version)
        insert.bind(now)
        insert.bind(file.isBroken ? 1 : 0)
        if try insert.run() > 0 { return (insert.insertedID, true) }
        // Someone took it in since the folder was compared.
        let find = try database.cachedStatement(sql: "SELECT id FROM file WHERE directory = ? AND name = ?")
        let id = try Int.fetchOne(find, arguments: [directory, file.name]) ?? 0
        _ = try refresh(id, as: file, database)
        return (id, false)
    }

    /// Notes how a known file looks now; answers whether there is such a row.
    private static func refresh(_ id: Int, as file: FoundFile, _ database: Database) throws -> Bool {
        try database.cachedStatement(
            sql: """
                UPDATE file SET
                    hashed = CASE WHEN ?8 = 1 THEN 1
                        WHEN size = ?1 AND mtime_ns = ?2 AND ?3 = 0 AND content IS NOT NULL THEN hashed
                        ELSE 0 END,
                    size = ?1, mtime_ns = ?2, inode = ?4, sidecar = ?5, reader = ?6
                WHERE id = ?7
                """
        )
        .execute(
            arguments: [
                file.size, file.modified, file.rehash, file.inode, file.sidecar, MediaReader.version, id, file.isBroken,
            ]
        )
        return database.changesCount > 0
    }

    /// Drops automatic tags that no file has any more, a few at a time.
    func dropUnusedTags() throws {
        var isDone = false
        while !isDone {
            isDone = try pool.write { database in
                try database.execute(
                    sql: """
                        DELETE FROM tag WHERE id IN (
                            SELECT id FROM tag WHERE count <= 0 AND type <> ?
                                AND NOT EXISTS (SELECT 1 FROM file_tag WHERE file_tag.tag = tag.id)
                            LIMIT 500
                        )
                        """,
                    arguments: [MediaTag.custom]
                )
                return database.changesCount == 0
            }
        }
    }
}
