import GRDB

extension Store {
    /// Takes in files that a scan examined: their rows, what the index keeps of them, and their tags.
    static func take(
        _ files: [FoundFile],
        _ directories: inout DirectoryRows,
        _ tags: inout TagCache,
        at now: Milliseconds,
        _ database: Database
    ) throws {
        guard !files.isEmpty else { return }
        // The tags of all new rows are linked together below, in the order of the table.
        try database.cachedStatement(sql: "INSERT INTO index_batch (id) VALUES (1)").execute()
        var rows = MediaRows(database: database)
        for file in files {
            let directory = try directories.id(of: file.directory)
            let (id, isNew) = try row(of: file, in: directory, at: now, database)
            guard let description = file.description else {
                if !isNew {
                    try database.cachedStatement(sql: "DELETE FROM media WHERE file = ?").execute(arguments: [id])
                }
                continue
            }
            var ids: [Int] = []
            for tag in description.tags {
                let id = try Self.id(of: tag, &tags, database)
                // Names that are equal as Swift texts are one tag.
                if !ids.contains(id) { ids.append(id) }
            }
            try rows.put(description, of: file, id: id, directory: directory, tags: ids, isNew: isNew)
        }
        try rows.link()
        try database.cachedStatement(sql: "DELETE FROM index_batch").execute()
    }

    /// The row of a file, made or brought up to date.
    private static func row(
        of file: FoundFile,
        in directory: Int,
        at now: Milliseconds,
        _ database: Database
    ) throws -> (id: Int, isNew: Bool) {
        if let known = file.known, try refresh(known, as: file, database) { return (known, false) }
        try database.cachedStatement(
            sql: """
                INSERT INTO file (directory, name, size, mtime_ns, inode, sidecar, reader, added)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                """
        )
        .execute(
            arguments: [
                directory, file.name, file.size, file.modified, file.inode, file.sidecar, MediaReader.version, now,
            ]
        )
        if database.changesCount > 0 { return (Int(database.lastInsertedRowID), true) }
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
                    hashed = CASE WHEN size = ?1 AND mtime_ns = ?2 AND ?3 = 0 THEN hashed ELSE 0 END,
                    size = ?1, mtime_ns = ?2, inode = ?4, sidecar = ?5, reader = ?6
                WHERE id = ?7
                """
        )
        .execute(
            arguments: [file.size, file.modified, file.rehash, file.inode, file.sidecar, MediaReader.version, id]
        )
        return database.changesCount > 0
    }

    /// The id of an automatic tag, which is made when it is missing.
    private static func id(of tag: AutoTag, _ tags: inout TagCache, _ database: Database) throws -> Int {
        if let id = tags[tag] { return id }
        // Most tags that are not in the cache are new.
        try database.cachedStatement(sql: "INSERT INTO tag (name, type) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .execute(arguments: [tag.name, tag.type])
        var id = Int(database.lastInsertedRowID)
        if database.changesCount == 0 {
            let find = try database.cachedStatement(sql: "SELECT id FROM tag WHERE name = ? AND type = ?")
            id = try Int.fetchOne(find, arguments: [tag.name, tag.type]) ?? 0
        }
        tags[tag] = id
        return id
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

/// Rows of `media` that one transaction writes, and their links, which it makes at the end.
private struct MediaRows {
    let database: Database
    private var inserted: [Int] = []
    /// Whether one of them was known before, so that it may have custom tags.
    private var hasKnown = false
    /// How many of the inserted rows have a tag.
    private var counts: [Int: Int] = [:]

    init(database: Database) { self.database = database }

    mutating func put(
        _ description: MediaDescription,
        of file: FoundFile,
        id: Int,
        directory: Int,
        tags: [Int],
        isNew: Bool
    ) throws {
        let (quotient, remainder) = file.modified.quotientAndRemainder(dividingBy: 1_000_000_000)
        let date = remainder < 0 ? quotient - 1 : quotient
        if !isNew {
            // A person's text stays, whatever the file says.
            try database.cachedStatement(
                sql: """
                    UPDATE media SET date = ?, kind = ?, size = ?, width = ?, height = ?, seed = ?, rating = ?,
                        model = ?, tags = ?, text = CASE edited WHEN 1 THEN text ELSE ? END
                    WHERE file = ?
                    """
            )
            .execute(
                arguments: [
                    date, description.kind.rawValue, file.size, description.width, description.height,
                    description.seed, description.rating, description.model, Store.json(tags), description.text, id,
                ]
            )
            if database.changesCount > 0 { return }
            hasKnown = true
        }
        try database.cachedStatement(
            sql: """
                INSERT INTO media (file, date, kind, directory, size, width, height, seed, rating, name, model, tags,
                    text)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        .execute(
            arguments: [
                id, date, description.kind.rawValue, directory, file.size, description.width, description.height,
                description.seed, description.rating, file.name, description.model, Store.json(tags),
                description.text,
            ]
        )
        inserted.append(id)
        for tag in tags { counts[tag, default: 0] += 1 }
    }

    /// Links the inserted rows with their tags, and counts these.
    func link() throws {
        guard !inserted.isEmpty else { return }
        let files = Store.json(inserted)
        try database.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO file_tag
                SELECT tag.value, media.date, media.file
                FROM json_each(?) AS wanted
                CROSS JOIN media ON media.file = wanted.value
                CROSS JOIN json_each(media.tags) AS tag
                ORDER BY 1, 2, 3
                """
        )
        .execute(arguments: [files])
        if hasKnown {
            try database.cachedStatement(
                sql: """
                    INSERT OR IGNORE INTO file_tag
                    SELECT custom_tag.tag, media.date, media.file
                    FROM json_each(?) AS wanted
                    CROSS JOIN media ON media.file = wanted.value
                    CROSS JOIN custom_tag ON custom_tag.file = media.file
                    """
            )
            .execute(arguments: [files])
        }
        let added = counts.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
        try database.cachedStatement(
            sql: """
                UPDATE tag SET count = tag.count + fresh.files
                FROM (SELECT CAST(key AS INTEGER) AS id, value AS files FROM json_each(?)) AS fresh
                WHERE tag.id = fresh.id
                """
        )
        .execute(arguments: ["{\(added)}"])
    }
}
