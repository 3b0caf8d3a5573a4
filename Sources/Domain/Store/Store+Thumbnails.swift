import GRDB

extension Store {
    /// How many contents want a thumbnail.
    package func thumbnailsWanted() throws -> Int {
        try pool.read { database in
            let sql = "SELECT count(*) FROM content WHERE thumbnail = 0 AND files > 0"
            return try Int.fetchOne(database, sql: sql) ?? 0
        }
    }

    /// The next contents that want a thumbnail, in the order of their ids.
    func contentsWantingThumbnails(after id: Int, limit: Int) throws -> [LibraryContent] {
        try pool.read { database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: Self.contentColumns + " WHERE thumbnail = 0 AND files > 0 AND id > ? ORDER BY id LIMIT ?"
                ),
                arguments: [id, limit]
            ).map(Self.content)
        }
    }

    /// What the file at an absolute path holds, if that is known and the file is still of this size and time.
    func content(ofFile path: String, _ status: FileStatus) throws -> LibraryContent? {
        try pool.read { database in
            guard let place = try Self.place(path, Self.placeRoots(database)),
                let file = try Self.fileRow(place, database)
            else { return nil }
            let held = "SELECT content FROM file WHERE id = ? AND hashed = 1 AND size = ? AND mtime_ns = ?"
            return try Row.fetchOne(
                database.cachedStatement(sql: Self.contentColumns + " WHERE id = (" + held + ")"),
                arguments: [file, status.size, status.modified]
            ).map(Self.content)
        }
    }

    /// Makes all thumbnails that failed wanted again.
    func forgetFailedThumbnails() throws {
        try pool.write { database in
            try database.execute(
                sql: "UPDATE content SET thumbnail = 0, thumbnail_error = NULL WHERE thumbnail = 2"
            )
        }
    }

    /// Makes the thumbnails of all pictures and videos wanted that no decoder knew, now that there is one that may.
    ///
    /// With such a decoder they end as made or failed, so each becomes wanted once.
    package func wantUnsupportedThumbnails() throws {
        try pool.write { database in
            try database.execute(
                sql: """
                    UPDATE content SET thumbnail = 0, thumbnail_error = NULL WHERE thumbnail = 3 AND (
                        (mime >= 'image/' AND mime < 'image0') OR (mime >= 'video/' AND mime < 'video0')
                    )
                    """
            )
        }
    }

    /// How many pictures and videos the index has.
    package func mediaToShow() throws -> Int {
        try pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM media WHERE kind IN (1, 2)") ?? 0 }
    }

    /// The next pictures and videos of the index in the order of their ids: absolute paths and dates.
    ///
    /// Dates are seconds since 1970.
    func media(after id: Int, limit: Int) throws -> [(id: Int, path: String, date: Int)] {
        try pool.read { database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT media.file, library_root.path, directory.path, media.name, media.date FROM media
                        JOIN directory ON directory.id = media.directory
                        JOIN library_root ON library_root.id = directory.root
                        WHERE media.file > ? AND media.kind IN (1, 2) ORDER BY media.file LIMIT ?
                        """
                ),
                arguments: [id, limit]
            ).map { row in
                let folder = FolderPath.joined(row[1], row[2])
                return (row[0], FolderPath.joined((row[2] as String).isEmpty ? row[1] : folder, row[3]), row[4])
            }
        }
    }

    /// Notes what became of thumbnails; the files of those that were made are what changed.
    func setThumbnails(_ results: [ThumbnailResult], at now: Milliseconds) throws -> LibraryChanges {
        try pool.write { database in
            var changes = LibraryChanges()
            let update = try database.cachedStatement(
                sql: "UPDATE content SET thumbnail = ?, thumbnail_at = ?, thumbnail_error = ? WHERE id = ?"
            )
            for result in results {
                let state: LibraryContent.Thumbnail
                var error: String?
                switch result.outcome {
                case .made: state = .made
                case .failed(let reason): (state, error) = (.failed, reason)
                case .unsupported(let reason): (state, error) = (.unsupported, reason)
                case .missing: continue
                }
                try update.execute(arguments: [state.rawValue, now, error, result.content])
                guard state == .made else { continue }
                changes.changed += try Row.fetchAll(
                    database.cachedStatement(sql: Self.itemColumns + " WHERE content.id = ? ORDER BY file.id"),
                    arguments: [result.content]
                ).map(Self.item)
            }
            changes.counts = try Self.counts(database)
            return changes
        }
    }
}
