import Foundation
import GRDB

extension Store {
    /// The roots that are no part of the library any more and still have files.
    func leavingRoots() throws -> [Int] {
        try pool.read { try Int.fetchAll($0, sql: "SELECT id FROM library_root WHERE leaving = 1") }
    }

    /// Has the root of this path leave the library; answers its id, `nil` when there is none or when it is to be kept.
    ///
    /// What is kept below it becomes roots of their own. Its files stay until they are removed
    /// (``removeNextOfLeaving(_:limit:)``).
    func leaveRoot(_ path: String, keeping: [KeptFolder], at now: Milliseconds) throws -> Int? {
        try pool.write { try Self.leaveRoot(path, keeping: keeping, at: now, $0) }
    }

    static func leaveRoot(
        _ path: String,
        keeping: [KeptFolder],
        at now: Milliseconds,
        _ database: Database
    ) throws -> Int? {
        guard
            let id = try Int.fetchOne(
                database,
                sql: "SELECT id FROM library_root WHERE path = ? AND leaving = 0",
                arguments: [path]
            ), !keeping.contains(where: { FolderPath.relative(path, to: $0.path) != nil })
        else { return nil }
        try database.execute(sql: "UPDATE library_root SET leaving = 1 WHERE id = ?", arguments: [id])
        let root = LibraryRoot(id: id, path: path)
        // Shorter paths first: a folder inside another that is kept goes along with it.
        var kept: [String] = []
        for folder in keeping.sorted(by: { $0.path.utf8.count < $1.path.utf8.count }) {
            guard let place = root.relative(folder.path),
                !kept.contains(where: { FolderPath.relative(place, to: $0) != nil })
            else { continue }
            let isKnown = try Bool.fetchOne(
                database,
                sql: "SELECT EXISTS (SELECT 1 FROM directory WHERE root = ? AND path = ?)",
                arguments: [id, place]
            )
            guard folder.exists || isKnown == true else { continue }
            kept.append(place)
            let new = try insertRoot(folder.path, at: now, database)
            try move(place, of: id, toRoot: new, database)
        }
        return id
    }

    /// Removes the next files of a root that is leaving, at most `limit`; with the last of them goes the root.
    ///
    /// Answers `nil` when nothing is left, and when the root has become a part of the library again.
    func removeNextOfLeaving(_ root: Int, limit: Int) throws -> LibraryChanges? {
        try pool.write { database in
            let isLeaving = try Bool.fetchOne(
                database.cachedStatement(sql: "SELECT leaving FROM library_root WHERE id = ?"),
                arguments: [root]
            )
            guard isLeaving == true else { return nil }
            let files = try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT file.id, content.sha256 FROM directory
                        JOIN file ON file.directory = directory.id
                        LEFT JOIN content ON content.id = file.content
                        WHERE directory.root = ? LIMIT ?
                        """
                ),
                arguments: [root, limit]
            )
            guard !files.isEmpty else {
                try database.execute(sql: "DELETE FROM directory WHERE root = ?", arguments: [root])
                try database.execute(sql: "DELETE FROM library_root WHERE id = ?", arguments: [root])
                return nil
            }
            var changes = LibraryChanges()
            for row in files {
                let id: Int = row[0]
                try database.cachedStatement(sql: "DELETE FROM file WHERE id = ?").execute(arguments: [id])
                // Nobody was told of a file whose content was not known yet.
                guard let digest = row[1] as Data?, let hash = ContentHash(bytes: digest) else { continue }
                changes.removed.append(LibraryItem.Removed(id: id, sha256: hash.hex))
            }
            changes.counts = try Self.counts(database)
            return changes
        }
    }
}
