import GRDB

extension Store {
    /// The picture, video or sound that is a file of this id; `nil` when there is none.
    func media(ofFile id: Int) throws -> IndexedMedia? {
        try pool.read { database in
            try Row.fetchOne(
                database,
                sql: """
                    SELECT media.file, library_root.path, directory.path, media.name, media.kind, media.date, media.size
                    FROM media
                    JOIN directory ON directory.id = media.directory
                    JOIN library_root ON library_root.id = directory.root
                    WHERE media.file = ?
                    """,
                arguments: [id]
            ).flatMap { row in
                guard let kind = MediaKind(rawValue: row[4]) else { return nil }
                let folder: String = row[2]
                let root: String = row[1]
                let path = FolderPath.joined(folder.isEmpty ? root : FolderPath.joined(root, folder), row[3])
                return IndexedMedia(id: row[0], path: path, kind: kind, date: row[5], size: row[6])
            }
        }
    }
}
