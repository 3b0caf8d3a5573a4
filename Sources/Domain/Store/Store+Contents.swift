import Foundation
import GRDB

extension Store {
    /// The next files whose content is to be computed, in the order of their ids.
    func unhashedFiles(after id: Int, limit: Int) throws -> [UnhashedFile] {
        try pool.read { database in
            let statement = try database.cachedStatement(
                sql: Self.unhashedColumns + " WHERE file.hashed = 0 AND file.id > ? ORDER BY file.id LIMIT ?"
            )
            return try Row.fetchAll(statement, arguments: [id, limit]).map(Self.unhashed)
        }
    }

    /// Those of these files whose content is to be computed and that have at most `size` bytes.
    func unhashedFiles(_ ids: [Int], upTo size: Int) throws -> [UnhashedFile] {
        try pool.read { database in
            let statement = try database.cachedStatement(
                sql: Self.unhashedColumns
                    + " WHERE file.hashed = 0 AND file.id IN (SELECT value FROM json_each(?)) AND file.size <= ?"
            )
            return try Row.fetchAll(statement, arguments: [Self.json(ids), size]).map(Self.unhashed)
        }
    }

    /// Files whose content is to be computed and whose size is that of a content with which tags or a text wait.
    func returningFiles(limit: Int) throws -> [UnhashedFile] {
        try pool.read { database in
            // Otherwise all that are to be hashed would be looked through.
            let exists = "SELECT EXISTS (SELECT 1 FROM kept_tag) OR EXISTS (SELECT 1 FROM kept_text)"
            guard try Bool.fetchOne(database.cachedStatement(sql: exists)) == true else { return [] }
            let sql = """
                \(Self.unhashedColumns) WHERE file.hashed = 0 AND file.size IN (
                    SELECT size FROM content
                    WHERE id IN (SELECT content FROM kept_tag UNION SELECT content FROM kept_text)
                )
                ORDER BY file.size, file.id LIMIT ?
                """
            return try Row.fetchAll(database.cachedStatement(sql: sql), arguments: [limit]).map(Self.unhashed)
        }
    }

    private static let unhashedColumns = """
        SELECT file.id, library_root.path, directory.path, file.name, file.size, file.mtime_ns
        FROM file
        JOIN directory ON directory.id = file.directory
        JOIN library_root ON library_root.id = directory.root
        """

    private static func unhashed(_ row: Row) -> UnhashedFile {
        let root = row[1] as String
        let folder = row[2] as String
        return UnhashedFile(
            id: row[0],
            path: FolderPath.joined(folder.isEmpty ? root : FolderPath.joined(root, folder), row[3]),
            size: row[4],
            modified: row[5]
        )
    }

    /// Notes the contents of files, in one transaction; those that changed meanwhile are left alone.
    ///
    /// A file that had none, or another, is told of as added or changed; and what people said of a file that held the
    /// same content and is gone is this file's now.
    func setContents(of files: [HashedFile], at now: Milliseconds) throws -> LibraryChanges {
        try pool.write { database in
            var changes = LibraryChanges()
            for file in files { try Self.setContent(of: file, at: now, &changes, database) }
            changes.counts = try Self.counts(database)
            return changes
        }
    }

    private static func setContent(
        of file: HashedFile,
        at now: Milliseconds,
        _ changes: inout LibraryChanges,
        _ database: Database
    ) throws {
        let find = try database.cachedStatement(
            sql: "SELECT content FROM file WHERE id = ? AND size = ? AND mtime_ns = ? AND hashed = 0"
        )
        let known: StatementArguments = [file.file.id, file.file.size, file.file.modified]
        guard let row = try Row.fetchOne(find, arguments: known) else { return }
        let before: Int? = row[0]
        let (content, isNew) = try content(of: file, at: now, database)
        guard before != content else {
            try database.cachedStatement(sql: "UPDATE file SET hashed = 1 WHERE id = ?")
                .execute(arguments: [file.file.id])
            return
        }
        try database.cachedStatement(sql: "UPDATE file SET content = ?, hashed = 1 WHERE id = ?")
            .execute(arguments: [content, file.file.id])
        if !isNew { try giveBack(content, to: file.file.id, database) }
        let item = try database.cachedStatement(sql: itemColumns + " WHERE file.id = ?")
        guard let row = try Row.fetchOne(item, arguments: [file.file.id]) else { return }
        if before == nil {
            changes.added.append(try Self.item(row))
        } else {
            changes.changed.append(try Self.item(row))
            changes.rewritten += 1
        }
    }

    /// The content's row, which is made when it is missing.
    private static func content(
        of file: HashedFile,
        at now: Milliseconds,
        _ database: Database
    ) throws -> (id: Int, isNew: Bool) {
        let digest = Data(file.hash.bytes)
        let find = try database.cachedStatement(sql: "SELECT id FROM content WHERE sha256 = ?")
        if let id = try Int.fetchOne(find, arguments: [digest]) { return (id, false) }
        let thumbnail: LibraryContent.Thumbnail = file.type.isDecodable ? .wanted : .unsupported
        try database.cachedStatement(
            sql: """
                INSERT INTO content (sha256, mime, size, width, height, thumbnail, added) VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        )
        .execute(
            arguments: [
                digest, file.type.rawValue, file.file.size, file.width, file.height, thumbnail.rawValue, now,
            ]
        )
        return (Int(database.lastInsertedRowID), true)
    }

    /// Gives a file what waits with its content: the tags and the text of one that is gone.
    static func giveBack(_ content: Int, to file: Int, _ database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO custom_tag (file, tag, added)
                SELECT ?, tag, added FROM kept_tag WHERE content = ?
                """
        )
        .execute(arguments: [file, content])
        try database.cachedStatement(sql: "DELETE FROM kept_tag WHERE content = ?").execute(arguments: [content])
        let find = try database.cachedStatement(sql: "SELECT text FROM kept_text WHERE content = ?")
        guard let text = try String.fetchOne(find, arguments: [content]), try setOwn(text, of: file, database) else {
            return
        }
        try database.cachedStatement(sql: "DELETE FROM kept_text WHERE content = ?").execute(arguments: [content])
    }

    /// Gives a file a person's text, unless it has one; answers whether it was given.
    static func setOwn(_ text: String, of file: Int, _ database: Database) throws -> Bool {
        let row = try Row.fetchOne(
            database.cachedStatement(sql: "SELECT kind, text, model, seed FROM media WHERE file = ? AND edited = 0"),
            arguments: [file]
        )
        guard let row else { return false }
        var own = MediaDescription(kind: MediaKind(rawValue: row[0]) ?? .image)
        (own.text, own.model, own.seed) = (row[1], row[2], (row[3] as Int?).map(seed))
        let facts = own.facts(edited: text)
        try database.cachedStatement(
            sql: "UPDATE media SET text = ?, edited = 1, model = ?, seed = ? WHERE file = ?"
        )
        .execute(arguments: [text, facts.model, facts.seed.map(column), file])
        return database.changesCount > 0
    }
}
