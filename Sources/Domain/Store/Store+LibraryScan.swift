import Foundation
import GRDB

extension Store {
    /// What the library knows of a directory.
    struct KnownDirectory {
        var id: Int
        /// The file system's device number; 0 when it is not known.
        var device: Int
        /// When it was last changed before it was read, in nanoseconds since 1970.
        var modified: Int?
    }

    /// What the library knows of a file, to compare it with what lies on the disk.
    struct KnownFile {
        var id: Int
        /// Bytes.
        var size: Int
        /// Modification time of the file, in nanoseconds since 1970.
        var modified: Int
        /// The ``DirectoryListing/sidecarMark(of:)`` of the text that was read with it.
        var sidecar: Int?
        /// `nil` when the file was last read by a version that did not keep it.
        var inode: Int?
        /// The version of the reader that read it.
        var reader: Int
    }

    /// Reads what the library knows of a directory, as of one moment; answers `nil` when it does not know it.
    ///
    /// `file` hears every known file in the byte order of the names, `folder` the path of every known directory
    /// directly below. They run inside a read transaction and must not block.
    func knownDirectory(
        _ path: String,
        of root: Int,
        file: (_ known: KnownFile, _ name: String) -> Void,
        folder: (_ path: String) -> Void
    ) throws -> KnownDirectory? {
        try pool.read { database in
            let find = try database.cachedStatement(
                sql: "SELECT id, device, mtime_ns FROM directory WHERE root = ? AND path = ?"
            )
            guard let found = try Row.fetchOne(find, arguments: [root, path]) else { return nil }
            let directory = KnownDirectory(id: found[0], device: found[1], modified: found[2])
            let files = try Row.fetchCursor(
                database.cachedStatement(
                    sql: """
                        SELECT id, name, size, mtime_ns, sidecar, inode, reader FROM file
                        WHERE directory = ? ORDER BY name
                        """
                ),
                arguments: [directory.id]
            )
            while let row = try files.next() {
                let known = KnownFile(
                    id: row[0],
                    size: row[2],
                    modified: row[3],
                    sidecar: row[4],
                    inode: row[5],
                    reader: row[6]
                )
                file(known, row[1])
            }
            let folders = try Row.fetchCursor(
                database.cachedStatement(sql: "SELECT path FROM directory WHERE parent = ? ORDER BY path"),
                arguments: [directory.id]
            )
            while let row = try folders.next() { folder(row[0]) }
            return directory
        }
    }

    /// Whether the library has no file at all, so that none can have moved.
    func knowsNoFile() throws -> Bool {
        try pool.read { try Bool.fetchOne($0, sql: "SELECT NOT EXISTS (SELECT 1 FROM file)") ?? true }
    }

    /// Takes in a batch of a scan, in one transaction.
    ///
    /// New files have no content yet, and those that changed keep the one they had until it is computed anew
    /// (``setContents(of:at:)``); nobody is told of them before. `begun` is called when the writer is free for it.
    func apply(
        _ batch: ScanBatch,
        tags: inout TagCache,
        at now: Milliseconds,
        begun: () -> Void = {}
    ) throws -> LibraryChanges {
        do {
            return try pool.write { database in
                begun()
                // A root may have left the library, or become a part of another, since the scan found this.
                let batch = batch.inside(Set(try Self.roots(isLeaving: false, database)))
                var changes = LibraryChanges()
                var directories = DirectoryRows(database: database)
                let inHand = batch.gone.isEmpty && batch.moved.isEmpty ? PathsInHand() : try Self.pathsInHand(database)
                var areReplaced = try !batch.moved.isEmpty && Self.isAny("replaced_name", database)
                // The rows of what an operation moves follow by themselves.
                for file in batch.moved where try !Self.isInHand(file: file.id, inHand, database) {
                    try Self.move(file, &directories, &areReplaced, &changes, database)
                }
                let found = try Self.withoutContents(batch.found, &directories, &changes, database)
                try Self.take(found, &directories, &tags, &changes, at: now, database)
                for (file, inode) in batch.inodes {
                    try database.cachedStatement(sql: "UPDATE file SET inode = ? WHERE id = ?")
                        .execute(arguments: [inode, file])
                }
                for (directory, modified) in batch.directories {
                    try database.cachedStatement(sql: "UPDATE directory SET mtime_ns = ? WHERE id = ?")
                        .execute(arguments: [modified, try directories.id(of: directory)])
                }
                for file in batch.gone where try Self.isGone(file: file, besides: inHand, database) {
                    try Self.remove(file: file, &changes, database)
                }
                for file in batch.unrecognised where try !Self.hasWords(file, database) {
                    try Self.remove(file: file, &changes, database)
                }
                try Self.passOnKept(from: batch.gone + batch.unrecognised, &changes, database)
                changes.counts = try Self.counts(database)
                return changes
            }
        } catch {
            // What was cached in it was not written.
            tags = TagCache()
            throw error
        }
    }

    /// Whether people said something of a file: gave it a tag, or a text.
    static func hasWords(_ file: Int, _ database: Database) throws -> Bool {
        let statement = try database.cachedStatement(
            sql: """
                SELECT EXISTS (SELECT 1 FROM custom_tag WHERE file = ?1)
                    OR EXISTS (SELECT 1 FROM media WHERE file = ?1 AND edited = 1)
                """
        )
        return try Bool.fetchOne(statement, arguments: [file]) ?? false
    }

    /// Takes the contents from known files that are broken now; answers the files that are to be taken in.
    ///
    /// Whoever writes such a file may not be done with it: when people said something of it, all stays as it was.
    private static func withoutContents(
        _ files: [FoundFile],
        _ directories: inout DirectoryRows,
        _ changes: inout LibraryChanges,
        _ database: Database
    ) throws -> [FoundFile] {
        guard files.contains(where: \.isBroken) else { return files }
        let find = try database.cachedStatement(
            sql: """
                SELECT file.id, content.sha256 FROM file JOIN content ON content.id = file.content
                WHERE file.id = ?1 OR file.directory = ?2 AND file.name = ?3
                """
        )
        return try files.filter { file in
            guard file.isBroken else { return true }
            let arguments: StatementArguments = [file.known, try directories.id(of: file.directory), file.name]
            guard let row = try Row.fetchOne(find, arguments: arguments) else { return true }
            let id = row[0] as Int
            if try hasWords(id, database) { return false }
            try database.cachedStatement(sql: "UPDATE file SET content = NULL WHERE id = ?").execute(arguments: [id])
            changes.removed.append(LibraryItem.Removed(id: id, sha256: try hash(row, 1).hex))
            return true
        }
    }

    private static func remove(file: Int, _ changes: inout LibraryChanges, _ database: Database) throws {
        let find = try database.cachedStatement(
            sql: """
                SELECT content.sha256, content.id FROM file LEFT JOIN content ON content.id = file.content
                WHERE file.id = ?
                """
        )
        guard let row = try Row.fetchOne(find, arguments: [file]) else { return }
        try database.cachedStatement(sql: "DELETE FROM file WHERE id = ?").execute(arguments: [file])
        if let content = row[1] as Int? { try inherit(content, from: file, &changes, database) }
        if let digest = row[0] as Data?, let hash = ContentHash(bytes: digest) {
            changes.removed.append(LibraryItem.Removed(id: file, sha256: hash.hex))
        } else {
            changes.untold += 1
        }
    }

    /// A copy that was taken in before its original went is where that was moved to: what people said is the copy's.
    private static func inherit(
        _ content: Int,
        from file: Int,
        _ changes: inout LibraryChanges,
        _ database: Database
    ) throws {
        let find = try database.cachedStatement(
            sql: """
                SELECT file.id FROM file WHERE file.content = ?1 AND file.id > ?2 AND file.hashed = 1
                    AND (EXISTS (SELECT 1 FROM kept_tag WHERE content = ?1)
                        OR EXISTS (SELECT 1 FROM kept_text WHERE content = ?1))
                ORDER BY EXISTS (SELECT 1 FROM custom_tag WHERE custom_tag.file = file.id), file.id LIMIT 1
                """
        )
        guard let heir = try Int.fetchOne(find, arguments: [content, file]) else { return }
        try giveBack(content, to: heir, database)
        let item = try database.cachedStatement(sql: itemColumns + " WHERE file.id = ?")
        if let row = try Row.fetchOne(item, arguments: [heir]) { changes.changed.append(try Self.item(row)) }
    }

    /// Removes the next files at or below a directory, at most `limit`; with the last of them go the directories.
    ///
    /// Answers `nil` changes when nothing is left there, and when there is a folder again.
    func removeNext(under path: String, of root: LibraryRoot, limit: Int) throws -> LibraryChanges? {
        try pool.write { database in
            guard try Self.roots(isLeaving: false, database).contains(root),
                Self.isGone(root.absolute(path), besides: try Self.pathsInHand(database))
            else { return nil }
            // "/" is followed by "0": the half-open range holds exactly the paths below.
            let range: StatementArguments = [root.id, path, path + "/", path + "0"]
            let files = try Int.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT file.id FROM directory JOIN file ON file.directory = directory.id
                        WHERE directory.root = ? AND (directory.path = ? OR (directory.path >= ? AND directory.path < ?))
                        LIMIT ?
                        """
                ),
                arguments: range + [limit]
            )
            if files.isEmpty {
                // Longest paths first, so that no parent goes before its children.
                let directories = try Int.fetchAll(
                    database,
                    sql: """
                        SELECT id FROM directory
                        WHERE root = ? AND (path = ? OR (path >= ? AND path < ?)) ORDER BY length(path) DESC
                        """,
                    arguments: range
                )
                for directory in directories {
                    try database.cachedStatement(sql: "DELETE FROM directory WHERE id = ?")
                        .execute(arguments: [directory])
                }
                return nil
            }
            var changes = LibraryChanges()
            for file in files { try Self.remove(file: file, &changes, database) }
            try Self.passOnKept(from: files, &changes, database)
            changes.counts = try Self.counts(database)
            return changes
        }
    }
}

/// The rows of the directories that one transaction meets.
struct DirectoryRows {
    let database: Database
    private var ids: [ObjectIdentifier: Int] = [:]

    init(database: Database) { self.database = database }

    /// The id of a directory's row, which is made when it is missing, with those above it.
    mutating func id(of directory: ScanDirectory) throws -> Int {
        if let id = ids[ObjectIdentifier(directory)] { return id }
        let id = try Store.directory(directory.path, of: directory.root.id, device: directory.device, database)
        ids[ObjectIdentifier(directory)] = id
        return id
    }
}
