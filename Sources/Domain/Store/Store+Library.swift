import Foundation
import GRDB

extension Store {
    /// The names of the custom tags of a row of `file` as a JSON array, whether people gave them or rules.
    static let customTagNames = """
        (
            SELECT json_group_array(name) FROM (
                SELECT tag.name FROM tag WHERE tag.type = 'custom' AND tag.id IN (
                    SELECT tag FROM custom_tag WHERE custom_tag.file = file.id
                    UNION ALL SELECT value FROM media, json_each(media.tags) WHERE media.file = file.id
                ) ORDER BY tag.id
            )
        )
        """

    /// What is read of a file, its folder, root, content and custom tags, in the order of ``item(_:)``.
    static let itemColumns = """
        SELECT file.id, content.sha256, file.name, library_root.path, directory.path, content.mime, content.size,
            content.width, content.height, content.thumbnail, file.added,
            \(customTagNames)
        FROM file
        JOIN content ON content.id = file.content
        JOIN directory ON directory.id = file.directory
        JOIN library_root ON library_root.id = directory.root
        """

    /// How much the library holds.
    package func libraryCounts() throws -> LibraryCounts {
        try pool.read(Self.counts)
    }

    /// The newest files, newest first.
    package func newestItems(limit: Int) throws -> [LibraryItem] {
        try pool.read { database in
            try Row.fetchAll(
                database,
                sql: Self.itemColumns + " ORDER BY file.id DESC LIMIT ?",
                arguments: [max(0, limit)]
            ).map(Self.item)
        }
    }

    /// The counts and the newest files of one moment.
    package func libraryState(newest limit: Int) throws -> (counts: LibraryCounts, newest: [LibraryItem]) {
        try pool.read { database in
            let newest = try Row.fetchAll(
                database,
                sql: Self.itemColumns + " ORDER BY file.id DESC LIMIT ?",
                arguments: [max(0, limit)]
            ).map(Self.item)
            return (try Self.counts(database), newest)
        }
    }

    /// One file by its id; `nil` when there is none.
    package func item(id: Int) throws -> LibraryItem? {
        try pool.read { database in
            try Row.fetchOne(database, sql: Self.itemColumns + " WHERE file.id = ?", arguments: [id]).map(Self.item)
        }
    }

    /// The files that hold a content, oldest first, at most `limit` of them.
    package func items(holding hash: ContentHash, limit: Int) throws -> [LibraryItem] {
        try pool.read { database in
            try Row.fetchAll(
                database,
                sql: Self.itemColumns + " WHERE content.sha256 = ? ORDER BY file.id LIMIT ?",
                arguments: [Data(hash.bytes), max(0, limit)]
            ).map(Self.item)
        }
    }

    /// Where files lie that hold a content, how they were when they were read, and its type; oldest first.
    func files(
        holding hash: ContentHash,
        limit: Int
    ) throws -> [(path: String, status: FileStatus, mime: String)] {
        try pool.read { database in
            let sql = """
                SELECT library_root.path, directory.path, file.name, file.size, file.mtime_ns, content.mime
                FROM file
                JOIN content ON content.id = file.content
                JOIN directory ON directory.id = file.directory
                JOIN library_root ON library_root.id = directory.root
                WHERE content.sha256 = ? AND file.hashed = 1 ORDER BY file.id LIMIT ?
                """
            return try Row.fetchAll(database, sql: sql, arguments: [Data(hash.bytes), limit]).map { row in
                let folder = row[1] as String
                let root = row[0] as String
                let path = folder.isEmpty ? root : FolderPath.joined(root, folder)
                return (FolderPath.joined(path, row[2]), FileStatus(size: row[3], modified: row[4]), row[5])
            }
        }
    }

    /// One content by its hash; `nil` when the library never saw it.
    package func content(_ hash: ContentHash) throws -> LibraryContent? {
        try pool.read { database in
            try Row.fetchOne(
                database,
                sql: Self.contentColumns + " WHERE sha256 = ?",
                arguments: [Data(hash.bytes)]
            ).map(Self.content)
        }
    }

    static func counts(_ database: Database) throws -> LibraryCounts {
        let statement = try database.cachedStatement(sql: "SELECT contents, files, bytes FROM library_count")
        guard let row = try Row.fetchOne(statement) else { return LibraryCounts() }
        return LibraryCounts(contents: row[0], files: row[1], bytes: row[2])
    }

    /// Reads a row of ``itemColumns``.
    static func item(_ row: Row) throws -> LibraryItem {
        let digest = try hash(row, 1).hex
        return LibraryItem(
            id: row[0],
            sha256: digest,
            name: row[2],
            root: row[3],
            path: FolderPath.joined(row[4], row[2]),
            mime: row[5],
            size: row[6],
            width: row[7],
            height: row[8],
            thumbnail: (row[9] as Int) == LibraryContent.Thumbnail.made.rawValue ? ThumbnailPath.url(hex: digest) : nil,
            added: row[10],
            tags: try (row[11] as String?).map(names) ?? []
        )
    }

    /// The texts of a JSON array that SQLite made.
    static func names(_ json: String) throws -> [String] {
        try JSONParser.parse(json).array?.compactMap(\.string) ?? []
    }

    /// What is read of a content, in the order of the function below.
    static let contentColumns = """
        SELECT id, sha256, mime, size, width, height, thumbnail, thumbnail_error, files, added FROM content
        """

    /// Reads a row of ``contentColumns``.
    static func content(_ row: Row) throws -> LibraryContent {
        guard let thumbnail = LibraryContent.Thumbnail(rawValue: row[6]) else { throw malformed(row) }
        return LibraryContent(
            id: row[0],
            hash: try hash(row, 1),
            mime: row[2],
            size: row[3],
            width: row[4],
            height: row[5],
            thumbnail: thumbnail,
            thumbnailError: row[7],
            files: row[8],
            added: row[9]
        )
    }

    /// The hash in a column; throws when the database holds one that cannot be.
    static func hash(_ row: Row, _ column: Int) throws -> ContentHash {
        let hash = try row.withUnsafeData(atIndex: column) { $0.flatMap { ContentHash(bytes: $0) } }
        guard let hash else { throw malformed(row) }
        return hash
    }

    private static func malformed(_ row: Row) -> DatabaseError {
        DatabaseError(resultCode: .SQLITE_CORRUPT, message: "row \(row[0] as Int) is malformed")
    }
}
