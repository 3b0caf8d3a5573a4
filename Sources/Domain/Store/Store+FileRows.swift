import Foundation
import GRDB

extension Store {
    /// Where a path lies in the library's tables.
    struct Place {
        var root: Int
        /// The folder below the root.
        var folder: String
        /// The last name.
        var name: String
        /// The whole path below the root.
        var path: String { FolderPath.joined(folder, name) }
    }

    /// Applies what was done to the disk; answers the row of each folder that moved too, whose files are not among the
    /// changes since they may be many (``itemsBelow(_:after:limit:)``).
    static func apply(
        _ rows: [FileRowChange],
        _ database: Database
    ) throws -> (changes: LibraryChanges, movedFolders: [Int]) {
        var changes = LibraryChanges()
        var movedFolders: [Int] = []
        let roots = try placeRoots(database)
        for row in rows {
            switch row {
            case .removed(let path, let isKept):
                if let place = place(path, roots) {
                    try remove(place, isKept: isKept, &changes, database)
                }
            case .moved(let from, let to, let newNumbers):
                guard let source = place(from, roots) else { break }
                guard let target = place(to, roots), try isListed(source, as: target.name, database) else {
                    // It left the library's folders, or what is listed by its name lost that: to a scan it is gone.
                    try remove(source, isKept: true, &changes, database)
                    break
                }
                // Rows at the new path are of files that went unnoticed.
                try remove(target, isKept: true, &changes, database)
                if let folder = try move(source, to: target, newNumbers: newNumbers, &changes, database) {
                    movedFolders.append(folder)
                }
            }
        }
        changes.counts = try counts(database)
        return (changes, movedFolders)
    }

    /// The next items of a folder's row and those below, in the order of their ids.
    func itemsBelow(_ directory: Int, after id: Int, limit: Int) throws -> [LibraryItem] {
        try pool.read { database in
            let sql = """
                WITH RECURSIVE below (id) AS (
                    VALUES (:directory) UNION ALL
                    SELECT directory.id FROM directory JOIN below ON directory.parent = below.id
                )
                \(Self.itemColumns) WHERE file.directory IN below AND file.id > :id ORDER BY file.id LIMIT :limit
                """
            return try Row.fetchAll(
                database.cachedStatement(sql: sql),
                arguments: ["directory": directory, "id": id, "limit": limit]
            ).map(Self.item)
        }
    }

    /// A folder of the library, as the places of paths are told by it.
    typealias PlaceRoot = (id: Int, path: String)

    /// The library's folders in the order in which a path is looked for in them.
    static func placeRoots(_ database: Database) throws -> [PlaceRoot] {
        // A root that is leaving may lie around one that stays.
        try Row.fetchAll(
            database.cachedStatement(sql: "SELECT id, path FROM library_root ORDER BY leaving, length(path) DESC")
        ).map { ($0[0], $0[1]) }
    }

    /// Where an absolute path lies; `nil` when it is in no root.
    static func place(_ path: String, _ roots: [PlaceRoot]) -> Place? {
        for root in roots {
            guard let relative = FolderPath.relative(path, to: root.path), !relative.isEmpty else { continue }
            return Place(
                root: root.id,
                folder: FolderPath.parent(relative) ?? "",
                name: FolderPath.name(of: relative)
            )
        }
        return nil
    }

    private static func folderRow(_ path: String, of root: Int, _ database: Database) throws -> Int? {
        try Int.fetchOne(
            database.cachedStatement(sql: "SELECT id FROM directory WHERE root = ? AND path = ?"),
            arguments: [root, path]
        )
    }

    /// The row of the file at a place.
    static func fileRow(_ place: Place, _ database: Database) throws -> Int? {
        guard let folder = try folderRow(place.folder, of: place.root, database) else { return nil }
        return try Int.fetchOne(
            database.cachedStatement(sql: "SELECT id FROM file WHERE directory = ? AND name = ?"),
            arguments: [folder, place.name]
        )
    }

    /// Whether what lies at a place would be in the index under this name: not a broken file without a picture's name.
    private static func isListed(_ place: Place, as name: String, _ database: Database) throws -> Bool {
        guard MediaKind(brokenName: name) == nil, let file = try fileRow(place, database) else { return true }
        return try Bool.fetchOne(
            database.cachedStatement(sql: "SELECT content IS NOT NULL OR hashed = 0 FROM file WHERE id = ?"),
            arguments: [file]
        ) ?? true
    }

    // MARK: - Moving

    private static func move(
        _ source: Place,
        to target: Place,
        newNumbers: Bool,
        _ changes: inout LibraryChanges,
        _ database: Database
    ) throws -> Int? {
        if let file = try fileRow(source, database) {
            let folder = try directory(target.folder, of: target.root, device: 0, database)
            try database.cachedStatement(sql: "UPDATE file SET directory = ?, name = ? WHERE id = ?")
                .execute(arguments: [folder, target.name, file])
            try note(replaced: nil, by: file, named: target.name, database)
            if newNumbers {
                try database.cachedStatement(sql: "UPDATE file SET inode = NULL WHERE id = ?")
                    .execute(arguments: [file])
            }
            changes.changed += try Row.fetchAll(
                database.cachedStatement(sql: itemColumns + " WHERE file.id = ?"),
                arguments: [file]
            ).map(item)
        }
        guard let top = try folderRow(source.path, of: source.root, database) else { return nil }
        let parent = try directory(target.folder, of: target.root, device: 0, database)
        let numbers = newNumbers ? ", device = 0" : ""
        try database.execute(
            sql: """
                UPDATE directory SET root = :root, path = :new || substr(path, length(:old) + 1)\(numbers)
                WHERE root = :from AND (path = :old OR (path >= :old || '/' AND path < :old || '0'))
                """,
            arguments: ["root": target.root, "new": target.path, "old": source.path, "from": source.root]
        )
        try database.execute(sql: "UPDATE directory SET parent = ? WHERE id = ?", arguments: [parent, top])
        if newNumbers {
            try database.execute(
                sql: """
                    UPDATE file SET inode = NULL WHERE inode IS NOT NULL AND directory IN (
                        SELECT id FROM directory
                        WHERE root = :root AND (path = :new OR (path >= :new || '/' AND path < :new || '0'))
                    )
                    """,
                arguments: ["root": target.root, "new": target.path]
            )
        }
        return top
    }

    // MARK: - Removing

    /// Removes the row of a file, and those of a folder and all below.
    private static func remove(
        _ place: Place,
        isKept: Bool,
        _ changes: inout LibraryChanges,
        _ database: Database
    ) throws {
        if let file = try fileRow(place, database) { try remove(file, isKept: isKept, &changes, database) }
        guard try folderRow(place.path, of: place.root, database) != nil else { return }
        let below = "root = ? AND (path = ? OR (path >= ? AND path < ?))"
        let range: StatementArguments = [place.root, place.path, place.path + "/", place.path + "0"]
        let files = try Int.fetchAll(
            database,
            sql: "SELECT id FROM file WHERE directory IN (SELECT id FROM directory WHERE \(below))",
            arguments: range
        )
        // Whoever removes a folder found it empty: its files went before, by other hands.
        for file in files { try remove(file, isKept: true, &changes, database) }
        // Longest paths first, so that no parent goes before its children.
        let folders = try Int.fetchAll(
            database,
            sql: "SELECT id FROM directory WHERE \(below) ORDER BY length(path) DESC",
            arguments: range
        )
        for folder in folders {
            try database.cachedStatement(sql: "DELETE FROM directory WHERE id = ?").execute(arguments: [folder])
        }
    }

    private static func remove(
        _ file: Int,
        isKept: Bool,
        _ changes: inout LibraryChanges,
        _ database: Database
    ) throws {
        let row = try Row.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT content.id, content.sha256 FROM file JOIN content ON content.id = file.content
                    WHERE file.id = ?
                    """
            ),
            arguments: [file]
        )
        if !isKept {
            try database.cachedStatement(sql: "DELETE FROM custom_tag WHERE file = ?").execute(arguments: [file])
            try database.cachedStatement(sql: "UPDATE media SET edited = 0 WHERE file = ?").execute(arguments: [file])
        }
        try database.cachedStatement(sql: "DELETE FROM file WHERE id = ?").execute(arguments: [file])
        guard let row else {
            changes.untold += 1
            return
        }
        changes.removed.append(LibraryItem.Removed(id: file, sha256: try hash(row, 1).hex))
        guard !isKept else { return }
        // Nobody holds it any more, and nobody is meant to.
        for table in ["kept_tag", "kept_text"] {
            try database.cachedStatement(
                sql: """
                    DELETE FROM \(table) WHERE content = ?
                        AND NOT EXISTS (SELECT 1 FROM file WHERE content = \(table).content)
                    """
            ).execute(arguments: [row[0] as Int])
        }
    }
}
