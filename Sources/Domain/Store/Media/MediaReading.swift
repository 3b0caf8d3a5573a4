import GRDB

/// What searches read of the index, inside one transaction: rows in several orders, lists of tags, candidates.
struct MediaReading {
    /// The columns of a row, in this order; the last ones only when they were asked for.
    enum Column {
        static let file: Int32 = 0
        static let date: Int32 = 1
        static let kind: Int32 = 2
        static let directory: Int32 = 3
        static let size: Int32 = 4
        static let name: Int32 = 5
        static let text: Int32 = 6
        static let width: Int32 = 7
        static let height: Int32 = 8
        static let seed: Int32 = 9
        static let rating: Int32 = 10
        static let model: Int32 = 11
        static let tags: Int32 = 12
    }

    /// How much of a row is read: every column costs a little for every row.
    struct Width: OptionSet {
        let rawValue: Int
        static let text = Width(rawValue: 1)
        static let details = Width(rawValue: 2)
    }

    let database: Database
    private let columns: String

    init(_ database: Database, _ width: Width) {
        self.database = database
        columns =
            "SELECT file, date, kind, directory, size, name, " + (width.contains(.text) ? "text" : "NULL")
            + (width.contains(.details) ? ", width, height, seed, rating, model, tags FROM media" : " FROM media")
    }

    /// Rows by date and id, both descending, from a key on.
    func newest(upTo key: MediaKey, notBefore date: Int) throws -> MediaStatement {
        let sql = """
             INDEXED BY media_date WHERE (date, file) <= (?1, ?2) AND date >= ?3 ORDER BY date DESC, file DESC
            """
        let rows = try MediaStatement(cached: columns + sql, database)
        rows.bind(key.date, key.id, date)
        return rows
    }

    /// The row of one file, once the statement is given its id.
    func row() throws -> MediaStatement {
        try MediaStatement(cached: columns + " WHERE file = ?1", database)
    }

    /// Rows by id, from the first up to but without the second.
    func rows(from first: Int, upTo end: Int) throws -> MediaStatement {
        let rows = try MediaStatement(cached: columns + " WHERE file >= ?1 AND file < ?2 ORDER BY file", database)
        rows.bind(first, end)
        return rows
    }

    /// One more than the greatest id.
    func endID() throws -> Int {
        let found = try MediaStatement(cached: "SELECT max(file) FROM media", database)
        return try found.step() ? found.int(0) + 1 : 1
    }

    /// The keys of the files that have a tag, once the statement is given the tag and the key to begin with.
    func tagged() throws -> MediaStatement {
        let sql = """
            SELECT date, file FROM file_tag WHERE tag = ?1 AND (date, file) <= (?2, ?3) ORDER BY date DESC, file DESC
            """
        return try MediaStatement(sql, database)
    }

    /// Whether a file has a tag, once the statement is given tag, date and file.
    func tagCheck() throws -> MediaStatement {
        try MediaStatement(cached: "SELECT 1 FROM file_tag WHERE tag = ?1 AND date = ?2 AND file = ?3", database)
    }

    /// Whether people gave a file a tag, once the statement is given the file.
    func customTagCheck() throws -> MediaStatement {
        try MediaStatement(cached: "SELECT 1 FROM custom_tag WHERE file = ?1 LIMIT 1", database)
    }

    /// The keys of the files of a directory, once the statement is given it and the key to begin with.
    func directory() throws -> MediaStatement {
        let sql = """
            SELECT date, file FROM media INDEXED BY media_directory
            WHERE directory = ?1 AND (date, file) <= (?2, ?3) AND date >= ?4 ORDER BY date DESC, file DESC
            """
        return try MediaStatement(cached: sql, database)
    }

    /// Ids, ascending, of the files whose name or text holds all the given trigrams, and maybe of others.
    func candidates(_ match: String) throws -> MediaStatement {
        let found = try MediaStatement(cached: "SELECT rowid FROM media_text WHERE media_text MATCH ?1", database)
        try found.bind(match)
        return found
    }

    /// Ids, ascending, of the files that the text index has not taken in yet.
    func unsearchable() throws -> MediaStatement {
        try MediaStatement(
            cached: "SELECT file FROM media INDEXED BY media_unsearchable WHERE searchable = 0 ORDER BY file",
            database
        )
    }
}

/// The place of a file in the order of dates.
struct MediaKey: Hashable, Comparable, Sendable {
    var date: Int
    var id: Int

    /// After every file.
    static let newest = MediaKey(date: .max, id: .max)

    static func < (left: MediaKey, right: MediaKey) -> Bool {
        left.date != right.date ? left.date < right.date : left.id < right.id
    }

    /// The next key further down.
    var below: MediaKey {
        id > .min ? MediaKey(date: date, id: id - 1) : MediaKey(date: max(date, .min + 1) - 1, id: .max)
    }
}
