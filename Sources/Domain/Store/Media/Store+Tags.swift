import GRDB

extension Store {
    private static let tagColumns = "SELECT id, name, type, count, color, display_name FROM tag"

    private static func tag(_ row: Row) -> MediaTag {
        let type = row[2] as String
        return MediaTag(
            id: row[0],
            name: row[1],
            type: type,
            count: type == MediaTag.custom ? 0 : row[3],
            color: row[4],
            displayName: row[5]
        )
    }

    /// All tags by id; of more than `limit`, those of type `pos` come last, the `limit` most used ones of them.
    func tags(limit: Int) throws -> [MediaTag] {
        try pool.read { database in
            let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM tag") ?? 0
            guard count > limit else {
                return try Row.fetchAll(database, sql: Self.tagColumns + " ORDER BY id").map(Self.tag)
            }
            let others = try Row.fetchAll(database, sql: Self.tagColumns + " WHERE type <> 'pos' ORDER BY id")
            let words = try Row.fetchAll(
                database,
                sql: Self.tagColumns + " WHERE type = 'pos' ORDER BY count DESC, id LIMIT ?",
                arguments: [max(0, limit)]
            )
            return (others + words).map(Self.tag)
        }
    }

    /// The tags of one type, by id.
    func tags(ofType type: String) throws -> [MediaTag] {
        try pool.read { database in
            try Row.fetchAll(database, sql: Self.tagColumns + " WHERE type = ? ORDER BY id", arguments: [type])
                .map(Self.tag)
        }
    }

    /// How many tags of one type there are.
    func tagCount(ofType type: String) throws -> Int {
        try pool.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM tag WHERE type = ?", arguments: [type]) ?? 0
        }
    }

    /// The tags of this name, of any type, by id; those of LoRAs also by their other spelling (``TagSpelling``).
    func tags(named name: String) throws -> [MediaTag] {
        try pool.read { database in
            let exact = try Row.fetchAll(database, sql: Self.tagColumns + " WHERE name = ?", arguments: [name])
            let models = try Row.fetchAll(database, sql: Self.tagColumns + " WHERE type IN ('lora', 'lyco')")
            let tags =
                exact.map(Self.tag)
                + models.map(Self.tag).filter { $0.name != name && TagSpelling.isSame($0.name, name) }
            return tags.sorted { $0.id < $1.id }
        }
    }

    /// The tag of this name that people made, which is made when there is none.
    func addCustomTag(_ name: TagName) throws -> (changes: LibraryChanges, tag: MediaTag) {
        try pool.write { database in
            let find = Self.tagColumns + " WHERE name = ? AND type = ?"
            let arguments: StatementArguments = [name.text, MediaTag.custom]
            var changes = LibraryChanges()
            if let row = try Row.fetchOne(database, sql: find, arguments: arguments) { return (changes, Self.tag(row)) }
            try database.execute(sql: "INSERT INTO tag (name, type) VALUES (?, ?)", arguments: arguments)
            let tag = MediaTag(id: Int(database.lastInsertedRowID), name: name.text, type: MediaTag.custom)
            changes.tags.append(CatalogChange(.added, name: tag.name, item: tag.json))
            return (changes, tag)
        }
    }

    /// Sets the colour of a tag, if there is one of this id.
    func setColor(_ color: String, ofTag tag: Int) throws -> LibraryChanges {
        try pool.write { database in
            try database.execute(
                sql: "UPDATE tag SET color = ?1 WHERE id = ?2 AND color <> ?1",
                arguments: [color, tag]
            )
            var changes = LibraryChanges()
            if database.changesCount > 0, let tag = try Self.tag(tag, database), tag.type == MediaTag.custom {
                changes.tags.append(CatalogChange(.changed, name: tag.name, item: tag.json))
            }
            return changes
        }
    }

    /// The tag of this id.
    static func tag(_ id: Int, _ database: Database) throws -> MediaTag? {
        try Row.fetchOne(database.cachedStatement(sql: tagColumns + " WHERE id = ?"), arguments: [id]).map(tag)
    }

    /// The files of the index at these absolute paths, in their order; `nil` for those it does not know.
    func mediaFiles(at paths: [String]) throws -> [(id: Int, isHashed: Bool)?] {
        try pool.read { database in try Self.mediaFiles(at: paths, database) }
    }

    private static func mediaFiles(
        at paths: [String],
        _ database: Database
    ) throws -> [(id: Int, isHashed: Bool)?] {
        // A root that is leaving may lie around one that stays.
        let roots = try Row.fetchAll(
            database,
            sql: "SELECT id, path FROM library_root ORDER BY leaving, length(path) DESC"
        ).map { LibraryRoot(id: $0[0], path: $0[1]) }
        let find = try database.cachedStatement(
            sql: """
                SELECT media.file, file.content IS NOT NULL OR file.hashed = 1 FROM directory
                JOIN file ON file.directory = directory.id
                JOIN media ON media.file = file.id
                WHERE directory.root = ? AND directory.path = ? AND file.name = ?
                """
        )
        return try paths.map { path in
            for root in roots {
                guard let place = root.relative(path), let folder = FolderPath.parent(place) else { continue }
                let name = String(
                    decoding: place.utf8.dropFirst(folder.isEmpty ? 0 : folder.utf8.count + 1),
                    as: UTF8.self
                )
                return try Row.fetchOne(find, arguments: [root.id, folder, name]).map { ($0[0], $0[1]) }
            }
            return nil
        }
    }

    /// The custom tags of the files of the index at these paths, in their order; empty for unknown files.
    func customTags(at paths: [String]) throws -> [[MediaTag]] {
        try pool.read { database in
            // Rules make custom tags too; those stand with the automatic ones.
            let find = try database.cachedStatement(
                sql: Self.tagColumns + """
                     WHERE type = 'custom' AND id IN (
                        SELECT tag FROM custom_tag WHERE file = ?1
                        UNION SELECT value FROM media, json_each(media.tags) WHERE media.file = ?1
                    ) ORDER BY id
                    """
            )
            return try Self.mediaFiles(at: paths, database).map { file in
                try file.map { try Row.fetchAll(find, arguments: [$0.id]).map(Self.tag) } ?? []
            }
        }
    }

    /// Whether the index holds any file.
    func hasMedia() throws -> Bool {
        try pool.read { try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT 1 FROM media)") ?? false }
    }
}
