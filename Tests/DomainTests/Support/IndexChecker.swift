import Foundation
import GRDB

@testable import Domain

/// Compares the disk with the library's rows, and these with one another.
struct IndexChecker {
    let store: Store
    /// Absolute paths that scans leave out.
    var excluded: Set<String> = []

    /// What is wrong, in words; nothing when the index is what a scan of the disk should have made of it.
    func problems() throws -> [String] {
        try diskProblems()
            + store.pool.write { database in
                defer { try? database.execute(sql: "DROP TABLE IF EXISTS temp.terms") }
                return try Self.mediaProblems(database) + Self.tagProblems(database) + Self.countProblems(database)
                    + Self.textProblems(database) + Self.damage(database)
            }
    }

    /// A row of a file as the checker compares it.
    private struct Known {
        var size: Int
        var modified: Int
        var inode: Int?
        var isHashed: Bool
        var sha256: Data?
        var isListed: Bool
    }

    /// Every file of the library on the disk has its row, and no other has.
    private func diskProblems() throws -> [String] {
        var known = try store.pool.read { database in
            var known: [String: Known] = [:]
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT library_root.path, directory.path, file.name, file.size, file.mtime_ns, file.inode,
                        file.hashed, content.sha256, media.file IS NOT NULL
                    FROM file JOIN directory ON directory.id = file.directory
                    JOIN library_root ON library_root.id = directory.root
                    LEFT JOIN content ON content.id = file.content LEFT JOIN media ON media.file = file.id
                    """
            )
            while let row = try rows.next() {
                let parts = [row[0] as String, row[1] as String, row[2] as String].filter { !$0.isEmpty }
                known[parts.joined(separator: "/")] = Known(
                    size: row[3],
                    modified: row[4],
                    inode: row[5],
                    isHashed: row[6],
                    sha256: row[7],
                    isListed: row[8]
                )
            }
            return known
        }
        var problems: [String] = []
        for root in try store.roots() {
            for path in try files(root.path) {
                let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
                let type = Self.type(bytes)
                guard type != nil || MediaKind(brokenName: path) != nil else { continue }
                guard let row = known.removeValue(forKey: path) else {
                    problems.append("\(path) has no row")
                    continue
                }
                var status = stat()
                guard lstat(path, &status) == 0 else { continue }
                let digest = bytes.withUnsafeBytes { ContentHasher()?.hash($0) }.map { Data($0.bytes) }
                if row.size != bytes.count || row.modified != status.modified || row.inode != status.number {
                    problems.append("\(path) is not as its row says")
                }
                if !row.isHashed || row.sha256 != (type == nil ? nil : digest) {
                    problems.append("\(path) has another content")
                }
                if row.isListed != (type.map { MediaKind($0) != nil } ?? true) {
                    problems.append("\(path) is listed wrongly")
                }
            }
        }
        return problems + known.keys.map { "\($0) is not on the disk" }
    }

    /// The regular files that a scan looks at.
    private func files(_ folder: String) throws -> [String] {
        var found: [String] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where !name.hasPrefix(".") {
            let path = folder + "/" + name
            var status = stat()
            guard lstat(path, &status) == 0, !excluded.contains(path) else { continue }
            if status.st_mode & S_IFMT == S_IFDIR { found += try files(path) }
            if status.st_mode & S_IFMT == S_IFREG { found.append(path) }
        }
        return found
    }

    /// What the library should take bytes for.
    private static func type(_ bytes: Data) -> MediaType? {
        bytes.withUnsafeBytes { bytes in
            let head = UnsafeRawBufferPointer(rebasing: bytes.prefix(MediaType.headLength))
            guard let type = MediaType(head: head, size: bytes.count) else { return nil }
            var source = ByteSource(bytes)
            return PictureHeader(&source, type: type) == nil && type.needsDimensions ? nil : type
        }
    }

    private static func mediaProblems(_ database: Database) throws -> [String] {
        try list(
            database,
            "media and file differ",
            """
            SELECT media.file FROM media LEFT JOIN file ON file.id = media.file
            WHERE file.id IS NULL OR media.directory <> file.directory OR media.name <> file.name
                OR media.size <> file.size OR CASE
                    WHEN abs(media.date) >= 9183110400 THEN abs(file.mtime_ns) < 9183110400000000000
                    ELSE media.date * 1000000000 > file.mtime_ns OR (media.date + 1) * 1000000000 <= file.mtime_ns
                END
            """
        )
    }

    private static func tagProblems(_ database: Database) throws -> [String] {
        let wanted = """
            SELECT tag.value AS tag, media.date AS date, media.file AS file
            FROM media, json_each(media.tags) AS tag WHERE EXISTS (SELECT 1 FROM tag AS t WHERE t.id = tag.value)
            UNION SELECT custom_tag.tag, media.date, media.file
            FROM custom_tag JOIN media ON media.file = custom_tag.file
            """
        return try list(database, "a tag is not linked", "\(wanted) EXCEPT SELECT tag, date, file FROM file_tag")
            + list(
                database,
                "a link without a tag",
                "SELECT tag, date, file FROM file_tag EXCEPT SELECT * FROM (\(wanted))"
            )
            + list(
                database,
                "a tag's count is wrong",
                """
                SELECT id FROM tag WHERE type <> 'custom' AND count <> (
                    SELECT count(*) FROM media WHERE EXISTS (SELECT 1 FROM json_each(media.tags) WHERE value = tag.id)
                )
                """
            )
            + list(
                database,
                "an automatic tag without a row",
                """
                SELECT value FROM media, json_each(media.tags) WHERE value NOT IN (SELECT id FROM tag)
                """
            )
            + list(database, "a batch was left open", "SELECT id FROM index_batch")
    }

    private static func countProblems(_ database: Database) throws -> [String] {
        try list(
            database,
            "the library's counts are wrong",
            """
            SELECT 1 FROM library_count WHERE files <> (SELECT count(*) FROM file WHERE content IS NOT NULL)
                OR bytes <> (SELECT coalesce(sum(size), 0) FROM file WHERE content IS NOT NULL)
                OR contents <> (SELECT count(*) FROM content WHERE id IN (SELECT content FROM file))
            """
        )
            + list(
                database,
                "a content's count is wrong",
                """
                SELECT id FROM content WHERE files <> (SELECT count(*) FROM file WHERE file.content = content.id)
                """
            )
    }

    /// The text index has the names and texts of exactly the rows that say so.
    private static func textProblems(_ database: Database) throws -> [String] {
        try database.execute(sql: "CREATE VIRTUAL TABLE temp.terms USING fts5vocab('main', 'media_text', 'instance')")
        var found: [Int: Set<String>] = [:]
        let rows = try Row.fetchCursor(database, sql: "SELECT doc, term FROM temp.terms")
        while let row = try rows.next() { found[row[0], default: []].insert(row[1]) }
        let texts = try Row.fetchAll(database, sql: "SELECT file, name, text FROM media WHERE searchable = 1")
        var problems: [String] = []
        for row in texts {
            let wanted = trigrams(row[1]).union(trigrams(row[2]))
            if found.removeValue(forKey: row[0]) ?? [] != wanted {
                problems.append("text index differs: \(row[0] as Int)")
            }
        }
        return problems + found.keys.map { "the text index has \($0)" }
    }

    private static func trigrams(_ text: String) -> Set<String> {
        let scalars = Array(text.lowercased().unicodeScalars)
        guard scalars.count >= 3 else { return [] }
        return Set(
            (0...scalars.count - 3).map { start in
                var term = String.UnicodeScalarView()
                term.append(contentsOf: scalars[start..<start + 3])
                return String(term)
            }
        )
    }

    private static func damage(_ database: Database) throws -> [String] {
        try list(database, "SQLite", "SELECT * FROM pragma_integrity_check WHERE integrity_check <> 'ok'")
            + list(database, "a reference to nothing", "SELECT * FROM pragma_foreign_key_check")
    }

    private static func list(_ database: Database, _ words: String, _ sql: String) throws -> [String] {
        try Row.fetchAll(database, sql: sql).map { row in
            "\(words): \(row.databaseValues.map(\.description).joined(separator: ", "))"
        }
    }
}
