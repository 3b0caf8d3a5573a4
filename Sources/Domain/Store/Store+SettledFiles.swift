import Foundation
import GRDB

extension Store {
    /// The files at these absolute paths of which nothing is to be computed, with the hashes of their contents; broken ones
    /// have none.
    func settledFiles(at paths: [String]) throws -> [(file: UnhashedFile, hash: ContentHash?)] {
        try pool.read { database in
            let roots = try Self.placeRoots(database)
            let find = try database.cachedStatement(
                sql: """
                    SELECT file.id, file.size, file.mtime_ns, content.sha256
                    FROM directory
                    JOIN file ON file.directory = directory.id
                    LEFT JOIN content ON content.id = file.content
                    WHERE directory.root = ? AND directory.path = ? AND file.name = ? AND file.hashed = 1
                    """
            )
            return try paths.compactMap { path in
                guard let place = Self.place(path, roots),
                    let row = try Row.fetchOne(find, arguments: [place.root, place.folder, place.name])
                else { return nil }
                let file = UnhashedFile(id: row[0], path: path, size: row[1], modified: row[2])
                return (file, (row[3] as Data?).flatMap { ContentHash(bytes: $0) })
            }
        }
    }

    /// Has a file read anew by the next scan, whatever it looks like; one that is rewritten gets another content too.
    func forgetLook(of file: Int, isRewritten: Bool) throws {
        try pool.write { database in
            try database.cachedStatement(
                sql: """
                    UPDATE file SET reader = 0, hashed = CASE WHEN ? AND content IS NOT NULL THEN 0 ELSE hashed END
                    WHERE id = ?
                    """
            )
            .execute(arguments: [isRewritten, file])
        }
    }
}
