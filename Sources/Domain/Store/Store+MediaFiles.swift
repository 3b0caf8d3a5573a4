import GRDB

extension Store {
    /// A file of the library by its path, and how it was when it was read.
    struct IndexedFile {
        var id: Int
        /// Bytes.
        var size: Int
        /// Modification time in nanoseconds since 1970.
        var modified: Int
        var reader: Int
        /// Whether searches find it: a picture, a video or a sound.
        var isListed: Bool
    }

    /// How many files the index lists.
    func mediaCount() throws -> Int {
        try pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM media") ?? 0 }
    }

    /// The files at these places, by their paths as given; places without one are left out.
    func indexedFiles(_ places: [MediaPlace]) throws -> [ByteText: IndexedFile] {
        try pool.read { database in
            var files: [ByteText: IndexedFile] = [:]
            let find = try database.cachedStatement(
                sql: """
                    SELECT file.id, file.size, file.mtime_ns, file.reader, media.file IS NOT NULL
                    FROM directory
                    JOIN file ON file.directory = directory.id
                    LEFT JOIN media ON media.file = file.id
                    WHERE directory.root = ? AND directory.path = ? AND file.name = ?
                    """
            )
            for place in places {
                let row = try Row.fetchOne(find, arguments: [place.root.id, place.folder, place.name])
                files[ByteText(place.given)] = row.map {
                    IndexedFile(id: $0[0], size: $0[1], modified: $0[2], reader: $0[3], isListed: $0[4])
                }
            }
            return files
        }
    }

    /// The texts of the files at these places, by their paths as given; places without a listed file are left out.
    func mediaTexts(_ places: [MediaPlace]) throws -> [ByteText: String] {
        try pool.read { database in
            var texts: [ByteText: String] = [:]
            let find = try database.cachedStatement(
                sql: """
                    SELECT media.text
                    FROM directory
                    JOIN file ON file.directory = directory.id
                    JOIN media ON media.file = file.id
                    WHERE directory.root = ? AND directory.path = ? AND file.name = ?
                    """
            )
            for place in places {
                texts[ByteText(place.given)] = try String.fetchOne(
                    find,
                    arguments: [place.root.id, place.folder, place.name]
                )
            }
            return texts
        }
    }

    /// Gives a listed file a person's text, and model and seed that go with it; answers whether it had a text before.
    func setText(_ text: String, _ facts: MediaDescription.Facts, of file: Int) throws -> Bool {
        try pool.write { database in
            let had = try Bool.fetchOne(database, sql: "SELECT text <> '' FROM media WHERE file = ?", arguments: [file])
            try database.execute(
                sql: "UPDATE media SET text = ?, edited = 1, model = ?, seed = ? WHERE file = ?",
                arguments: [text, facts.model.map(Self.text), facts.seed.map(Self.column), file]
            )
            return had ?? false
        }
    }
}
