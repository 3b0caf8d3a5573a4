import GRDB

extension Store {
    private static let tagColumns = "SELECT id, name, type, count, color, display_name FROM tag"

    private static func tag(_ row: Row) -> MediaTag {
        MediaTag(
            id: row[0],
            name: row[1],
            type: row[2],
            count: row[3],
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

    /// The tags whose name is one of these, of any type, by id.
    func tags(named names: [String]) throws -> [MediaTag] {
        try pool.read { database in
            let found = try database.cachedStatement(sql: Self.tagColumns + " WHERE name = ?")
            let tags = try Set(names).flatMap { name in
                try Row.fetchAll(found, arguments: [name]).map(Self.tag)
            }
            return tags.sorted { $0.id < $1.id }
        }
    }

    /// The tag of this name that people made, which is made when there is none.
    func addCustomTag(_ name: TagName) throws -> MediaTag {
        try pool.write { database in
            let find = Self.tagColumns + " WHERE name = ? AND type = ?"
            let arguments: StatementArguments = [name.text, MediaTag.custom]
            if let row = try Row.fetchOne(database, sql: find, arguments: arguments) { return Self.tag(row) }
            try database.execute(sql: "INSERT INTO tag (name, type) VALUES (?, ?)", arguments: arguments)
            return MediaTag(id: Int(database.lastInsertedRowID), name: name.text, type: MediaTag.custom)
        }
    }

    /// Sets the colour of a tag, if there is one of this id.
    func setColor(_ color: String, ofTag tag: Int) throws {
        try pool.write { database in
            try database.execute(sql: "UPDATE tag SET color = ? WHERE id = ?", arguments: [color, tag])
        }
    }

    /// The ids of the files of the index at these absolute paths, in their order; `nil` for those it does not know.
    func mediaFiles(at paths: [String]) throws -> [Int?] {
        try pool.read { database in try Self.mediaFiles(at: paths, database) }
    }

    private static func mediaFiles(at paths: [String], _ database: Database) throws -> [Int?] {
        let roots = try Row.fetchAll(database, sql: "SELECT id, path FROM library_root")
            .map { LibraryRoot(id: $0[0], path: $0[1]) }
        let find = try database.cachedStatement(
            sql: """
                SELECT media.file FROM directory
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
                return try Int.fetchOne(find, arguments: [root.id, folder, name])
            }
            return nil
        }
    }

    /// The custom tags of the files of the index at these paths, in their order; empty for unknown files.
    func customTags(at paths: [String]) throws -> [[MediaTag]] {
        try pool.read { database in
            let find = try database.cachedStatement(
                sql: Self.tagColumns
                    + " JOIN custom_tag ON custom_tag.tag = tag.id WHERE custom_tag.file = ? ORDER BY id"
            )
            return try Self.mediaFiles(at: paths, database).map { file in
                try file.map { try Row.fetchAll(find, arguments: [$0]).map(Self.tag) } ?? []
            }
        }
    }

    /// Whether the index holds any file.
    func hasMedia() throws -> Bool {
        try pool.read { try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT 1 FROM media)") ?? false }
    }
}
