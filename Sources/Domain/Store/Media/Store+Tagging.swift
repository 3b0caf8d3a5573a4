import GRDB

extension Store {
    /// What to do with a tag of files.
    enum Tagging: Sendable {
        case set
        case remove
        /// The other way round than it is, for each file.
        case toggle
    }

    /// Gives files a custom tag or takes it away; answers what changed, and of each file whether it has the tag now.
    ///
    /// Throws ``MediaIndexError/noTag(_:)`` when no tag that people made has this id. Files that went meanwhile are
    /// left out.
    func change(
        _ tag: Int,
        of files: [Int],
        _ tagging: Tagging,
        at now: Milliseconds
    ) throws -> (changes: LibraryChanges, hasTag: [Bool]) {
        try pool.write { database in
            guard try Self.isCustom(tag, database) else { throw MediaIndexError.noTag(tag) }
            let find = try database.cachedStatement(
                sql: """
                    SELECT EXISTS (SELECT 1 FROM file_tag WHERE tag = ?1 AND date = media.date AND file = media.file)
                    FROM media WHERE file = ?2
                    """
            )
            let insert = try database.cachedStatement(
                sql: "INSERT OR IGNORE INTO custom_tag (file, tag, added) VALUES (?, ?, ?)"
            )
            var changed: [Int] = []
            var hasTag: [Bool] = []
            for file in files {
                guard let has = try Bool.fetchOne(find, arguments: [tag, file]) else { continue }
                let wanted = tagging == .toggle ? !has : tagging == .set
                hasTag.append(wanted)
                guard wanted != has else { continue }
                if wanted {
                    try insert.execute(arguments: [file, tag, now])
                } else {
                    try Self.remove(tag, from: file, database)
                }
                changed.append(file)
            }
            return (try Self.changes(of: changed, database), hasTag)
        }
    }

    /// Removes a tag that people made from all files, and the tag itself unless it is `like`, which is always there.
    ///
    /// Other tags and unknown ids are left alone. Files that are gone lose it too.
    func removeCustomTag(_ tag: Int) throws -> LibraryChanges {
        try pool.write { database in
            guard let row = try Self.tag(tag, database), row.type == MediaTag.custom else {
                return try Self.changes(of: [], database)
            }
            let files = try Int.fetchAll(
                database,
                sql: "SELECT file FROM file_tag WHERE tag = ? ORDER BY file",
                arguments: [tag]
            )
            for file in files { try Self.remove(tag, from: file, database) }
            for table in ["kept_tag", "kept_file_tag"] {
                try database.execute(sql: "DELETE FROM \(table) WHERE tag = ?", arguments: [tag])
            }
            if tag != MediaTag.like { try database.execute(sql: "DELETE FROM tag WHERE id = ?", arguments: [tag]) }
            var changes = try Self.changes(of: files, database)
            if tag != MediaTag.like {
                changes.tags.append(CatalogChange(.removed, name: row.name, item: row.json))
            }
            return changes
        }
    }

    /// Takes a tag from a file, whether a person or a rule gave it.
    private static func remove(_ tag: Int, from file: Int, _ database: Database) throws {
        try database.cachedStatement(sql: "DELETE FROM custom_tag WHERE file = ? AND tag = ?")
            .execute(arguments: [file, tag])
        try database.cachedStatement(
            sql: """
                UPDATE media SET tags = (SELECT json_group_array(value) FROM json_each(media.tags) WHERE value <> ?1)
                WHERE file = ?2 AND EXISTS (SELECT 1 FROM json_each(media.tags) WHERE value = ?1)
                """
        ).execute(arguments: [tag, file])
    }

    private static func isCustom(_ tag: Int, _ database: Database) throws -> Bool {
        try Row.fetchOne(
            database.cachedStatement(sql: "SELECT 1 FROM tag WHERE id = ? AND type = ?"),
            arguments: [tag, MediaTag.custom]
        ) != nil
    }

    /// The files as everyone sees them now.
    ///
    /// Those without a known content are seen by nobody yet.
    private static func changes(of files: [Int], _ database: Database) throws -> LibraryChanges {
        let find = try database.cachedStatement(sql: itemColumns + " WHERE file.id = ?")
        var changes = LibraryChanges()
        for file in files {
            if let row = try Row.fetchOne(find, arguments: [file]) { changes.changed.append(try item(row)) }
        }
        changes.counts = try counts(database)
        return changes
    }
}
