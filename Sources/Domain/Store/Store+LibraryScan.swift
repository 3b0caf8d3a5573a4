import Foundation
import GRDB

extension Store {
    /// What the library knows of a directory.
    struct KnownDirectory {
        var id: Int
        /// The file system's device number; 0 when it is not known.
        var device: Int
    }

    /// Reads what the library knows of a directory, as of one moment; answers `nil` when it does not know it.
    ///
    /// `file` hears every known file in the byte order of the names, `folder` the path of every known directory
    /// directly below. They run inside a read transaction and must not block.
    func knownDirectory(
        _ path: String,
        of root: Int,
        file: (_ id: Int, _ name: String, _ size: Int, _ modified: Int) -> Void,
        folder: (_ path: String) -> Void
    ) throws -> KnownDirectory? {
        try pool.read { database in
            let find = try database.cachedStatement(sql: "SELECT id, device FROM directory WHERE root = ? AND path = ?")
            guard let found = try Row.fetchOne(find, arguments: [root, path]) else { return nil }
            let directory = KnownDirectory(id: found[0], device: found[1])
            let files = try Row.fetchCursor(
                database.cachedStatement(
                    sql: "SELECT id, name, size, mtime_ns FROM file WHERE directory = ? ORDER BY name"
                ),
                arguments: [directory.id]
            )
            while let row = try files.next() { file(row[0], row[1], row[2], row[3]) }
            let folders = try Row.fetchCursor(
                database.cachedStatement(sql: "SELECT path FROM directory WHERE parent = ? ORDER BY path"),
                arguments: [directory.id]
            )
            while let row = try folders.next() { folder(row[0]) }
            return directory
        }
    }

    /// Takes in a batch of a scan, in one transaction.
    ///
    /// A file that is known already with the same content only gets its new times; no change is told of it.
    func apply(_ batch: ScanBatch, at now: Milliseconds) throws -> LibraryChanges {
        try pool.write { database in
            var changes = LibraryChanges()
            for file in batch.gone {
                if let removed = try Self.remove(file: file, database) { changes.removed.append(removed) }
            }
            var folder: (directory: ScanDirectory, id: Int)?
            for file in batch.found {
                if folder?.directory !== file.directory {
                    let directory = file.directory
                    folder = (
                        directory,
                        try Self.directory(
                            directory.path,
                            of: directory.root.id,
                            device: directory.device,
                            database
                        )
                    )
                }
                guard let folder else { continue }
                try Self.take(file, in: folder.id, at: now, &changes, database)
            }
            for (directory, device) in batch.devices {
                try database.cachedStatement(sql: "UPDATE directory SET device = ? WHERE id = ?")
                    .execute(arguments: [device, directory])
            }
            changes.counts = try Self.counts(database)
            return changes
        }
    }

    private static func take(
        _ file: FoundFile,
        in directory: Int,
        at now: Milliseconds,
        _ changes: inout LibraryChanges,
        _ database: Database
    ) throws {
        let (content, hasThumbnail) = try content(of: file, at: now, database)
        let find = try database.cachedStatement(
            sql: "SELECT id, content, added FROM file WHERE directory = ? AND name = ?"
        )
        if let row = try Row.fetchOne(find, arguments: [directory, file.name]) {
            try database.cachedStatement(sql: "UPDATE file SET content = ?, size = ?, mtime_ns = ? WHERE id = ?")
                .execute(arguments: [content, file.size, file.modified, row[0] as Int])
            if (row[1] as Int) != content {
                changes.changed.append(file.item(id: row[0], hasThumbnail: hasThumbnail, added: row[2]))
            }
        } else {
            try database.cachedStatement(
                sql: """
                    INSERT INTO file (directory, name, content, size, mtime_ns, added) VALUES (?, ?, ?, ?, ?, ?)
                    """
            )
            .execute(arguments: [directory, file.name, content, file.size, file.modified, now])
            let id = Int(database.lastInsertedRowID)
            changes.added.append(file.item(id: id, hasThumbnail: hasThumbnail, added: now))
        }
    }

    /// The content's row, which is made when it is missing.
    private static func content(
        of file: FoundFile,
        at now: Milliseconds,
        _ database: Database
    ) throws -> (id: Int, hasThumbnail: Bool) {
        let digest = Data(file.hash.bytes)
        let find = try database.cachedStatement(sql: "SELECT id, thumbnail FROM content WHERE sha256 = ?")
        if let row = try Row.fetchOne(find, arguments: [digest]) {
            return (row[0], (row[1] as Int) == LibraryContent.Thumbnail.made.rawValue)
        }
        let thumbnail: LibraryContent.Thumbnail = file.type.isDecodable ? .wanted : .unsupported
        try database.cachedStatement(
            sql: """
                INSERT INTO content (sha256, mime, size, width, height, thumbnail, added) VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        )
        .execute(
            arguments: [
                digest, file.type.rawValue, file.size, file.width, file.height, thumbnail.rawValue, now,
            ]
        )
        return (Int(database.lastInsertedRowID), false)
    }

    private static func remove(file: Int, _ database: Database) throws -> LibraryItem.Removed? {
        let find = try database.cachedStatement(
            sql: "SELECT content.sha256 FROM file JOIN content ON content.id = file.content WHERE file.id = ?"
        )
        guard let digest = try Data.fetchOne(find, arguments: [file]), let hash = ContentHash(bytes: digest) else {
            return nil
        }
        try database.cachedStatement(sql: "DELETE FROM file WHERE id = ?").execute(arguments: [file])
        return LibraryItem.Removed(id: file, sha256: hash.hex)
    }

    /// Removes the next files at or below a directory, at most `limit`; with the last of them go the directories.
    ///
    /// Answers `nil` changes when nothing is left there.
    func removeNext(under path: String, of root: Int, limit: Int) throws -> LibraryChanges? {
        try pool.write { database in
            // "/" is followed by "0": the half-open range holds exactly the paths below.
            let range: StatementArguments = [root, path, path + "/", path + "0"]
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
            for file in files {
                if let removed = try Self.remove(file: file, database) { changes.removed.append(removed) }
            }
            changes.counts = try Self.counts(database)
            return changes
        }
    }
}
