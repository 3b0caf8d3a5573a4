import GRDB

extension Store {
    /// What is known of the files with these ids, in their order; without those that are not in the index.
    func mediaItems(_ ids: [Int], withTexts: Bool) throws -> [MediaItem] {
        try pool.read { try Self.mediaItems(ids, withTexts: withTexts, $0) }
    }

    private static func mediaItems(_ ids: [Int], withTexts: Bool, _ database: Database) throws -> [MediaItem] {
        let find = try database.cachedStatement(
            sql: """
                SELECT media.file, content.sha256, media.name, library_root.path, directory.path, content.mime,
                    media.size, media.width, media.height, content.thumbnail, file.added, media.date, media.kind,
                    \(customTagNames), CASE WHEN ?2 THEN media.text END
                FROM media
                JOIN file ON file.id = media.file
                JOIN directory ON directory.id = media.directory
                JOIN library_root ON library_root.id = directory.root
                LEFT JOIN content ON content.id = file.content
                WHERE media.file = ?1
                """
        )
        return try ids.compactMap { id in try Row.fetchOne(find, arguments: [id, withTexts]).map(mediaItem) }
    }

    private static func mediaItem(_ row: Row) throws -> MediaItem {
        let digest = row.hasNull(atIndex: 1) ? nil : try hash(row, 1).hex
        let hasThumbnail = (row[9] as Int?) == LibraryContent.Thumbnail.made.rawValue
        return MediaItem(
            id: row[0],
            sha256: digest,
            name: row[2],
            root: row[3],
            path: FolderPath.joined(row[4], row[2]),
            mime: row[5],
            size: row[6],
            width: row[7],
            height: row[8],
            thumbnail: hasThumbnail ? digest.map { ThumbnailPath.url(hex: $0) } : nil,
            added: row[10],
            date: row[11],
            kind: MediaKind(rawValue: row[12]) ?? .image,
            tags: try (row[13] as String?).map(names) ?? [],
            text: row[14]
        )
    }

    /// The folders directly below a folder, by path, with what lies in or below each; those of the library for `nil`.
    ///
    /// Answers `nil` for a folder that is none of the library's.
    func mediaFolders(in path: String?) throws -> [MediaFolder]? {
        try pool.read { database in
            let directories = try self.directories.directories(database)
            var folders: [String: [Int]] = [:]
            if let path {
                var isKnown = false
                for id in 0..<directories.endID {
                    guard let place = directories.path(of: id), let below = FolderPath.relative(place, to: path)
                    else { continue }
                    isKnown = true
                    guard let name = below.split(separator: "/").first else { continue }
                    folders[FolderPath.joined(path, String(name)), default: []].append(id)
                }
                guard isKnown else { return nil }
            } else {
                for root in try String.fetchAll(database, sql: "SELECT path FROM library_root") {
                    folders[root] = (0..<directories.endID).filter { id in
                        directories.path(of: id).map { FolderPath.relative($0, to: root) != nil } ?? false
                    }
                }
            }
            return try folders.sorted { $0.key < $1.key }.map { try Self.mediaFolder($0.key, of: $0.value, database) }
        }
    }

    private static func mediaFolder(_ path: String, of directories: [Int], _ database: Database) throws -> MediaFolder {
        let count = try MediaStatement(
            cached: "SELECT count(*) FROM media INDEXED BY media_directory WHERE directory = ?",
            database
        )
        let newest = try MediaStatement(
            cached: """
                SELECT date, file FROM media INDEXED BY media_directory WHERE directory = ?1
                ORDER BY date DESC, file DESC LIMIT ?2
                """,
            database
        )
        var files = 0
        var keys: [MediaKey] = []
        for directory in directories {
            count.bind(directory)
            if try count.step() { files += count.int(0) }
            newest.bind(directory, MediaFolder.coverLimit)
            while try newest.step() { keys.append(MediaKey(date: newest.int(0), id: newest.int(1))) }
        }
        keys.sort(by: >)
        let covers = try mediaItems(keys.prefix(MediaFolder.coverLimit).map(\.id), withTexts: false, database)
        return MediaFolder(path: path, files: files, newest: covers)
    }
}
