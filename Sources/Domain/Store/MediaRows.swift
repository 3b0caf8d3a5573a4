import GRDB

/// Rows of `media` that one transaction writes, and their links, which it makes at the end.
struct MediaRows {
    /// A row of `file_tag`, in the order of the table.
    private struct Link: Comparable {
        var tag: Int
        var date: Int
        var file: Int

        static func < (left: Link, right: Link) -> Bool {
            (left.tag, left.date, left.file) < (right.tag, right.date, right.file)
        }
    }

    /// How many links one statement makes: opening a table for each would cost as much as the row.
    private static let linksAtOnce = 32

    private let database: Database
    private let insert: WriteStatement
    /// The inserted rows, by their files, with what they are linked by.
    private var inserted: [Int: (date: Int, tags: ArraySlice<Int>)] = [:]
    /// Inserted rows whose files were known before, so that they may have custom tags.
    private var known: [Int] = []
    /// Known files whose rules give them other custom tags than before.
    private(set) var retagged: [Int] = []

    init(database: Database) throws {
        self.database = database
        insert = try WriteStatement(
            """
            INSERT INTO media (file, date, kind, directory, size, width, height, seed, rating, name, model, tags, text)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            database
        )
    }

    /// Writes the row of a file; answers whether it was known and has one only now, so that nobody has counted its tags.
    mutating func put(
        _ description: MediaDescription,
        of file: FoundFile,
        id: Int,
        directory: Int,
        tags: ArraySlice<Int>,
        isNew: Bool
    ) throws -> Bool {
        // SQLite keeps zero bytes, and what reads a text with one in it ends there.
        var description = description
        description.text = Store.text(description.text)
        description.model = description.model.map(Store.text)
        let date = FileTime.seconds(file.modified)
        if !isNew {
            if try update(description, of: file, id: id, date: date, tags: tags) {
                // Triggers see to the links, but not to those that an inserted row has not got yet: a file that was found
                // twice is linked as it was found last.
                if inserted[id] != nil { inserted[id] = (date, tags) }
                return false
            }
            known.append(id)
        }
        insert.bind(id)
        insert.bind(date)
        insert.bind(description.kind.rawValue)
        insert.bind(directory)
        insert.bind(file.size)
        insert.bind(description.width)
        insert.bind(description.height)
        insert.bind(description.seed.map(Store.column))
        insert.bind(description.rating)
        insert.bind(file.name)
        insert.bind(description.model)
        insert.bind(Store.json(tags))
        insert.bind(description.text)
        try insert.run()
        inserted[id] = (date, tags)
        return !isNew
    }

    /// Removes the row of a file that the index does not list any more.
    mutating func remove(_ id: Int) throws {
        try database.cachedStatement(sql: "DELETE FROM media WHERE file = ?").execute(arguments: [id])
        inserted[id] = nil
    }

    /// Brings the row of a known file up to date; answers whether there is one.
    private mutating func update(
        _ description: MediaDescription,
        of file: FoundFile,
        id: Int,
        date: Int,
        tags: ArraySlice<Int>
    ) throws -> Bool {
        let before = try Row.fetchOne(
            database.cachedStatement(sql: "SELECT tags, CASE edited WHEN 1 THEN text END FROM media WHERE file = ?"),
            arguments: [id]
        )
        guard let before else { return false }
        try noteRetagged(id, before[0], Store.json(tags))
        // A person's text stays, whatever the file says.
        let edited: String? = before[1]
        let facts = description.facts(edited: edited)
        try database.cachedStatement(
            sql: """
                UPDATE media SET date = ?, kind = ?, size = ?, width = ?, height = ?, seed = ?, rating = ?,
                    model = ?, tags = ?, text = CASE edited WHEN 1 THEN text ELSE ? END
                WHERE file = ?
                """
        )
        .execute(
            arguments: [
                date, description.kind.rawValue, file.size, description.width, description.height,
                facts.seed.map(Store.column), description.rating, facts.model, Store.json(tags), description.text, id,
            ]
        )
        return database.changesCount > 0
    }

    /// Keeps the file in mind when the custom ones among its tags, both JSON arrays of ids, are others now.
    private mutating func noteRetagged(_ id: Int, _ before: String, _ now: String) throws {
        guard before != now else { return }
        let custom = "SELECT value FROM json_each(%) JOIN tag ON tag.id = value WHERE tag.type = 'custom'"
        let (old, new) = (custom.replacing("%", with: "?1"), custom.replacing("%", with: "?2"))
        let differ = try database.cachedStatement(
            sql: "SELECT EXISTS (\(old) EXCEPT \(new)) OR EXISTS (\(new) EXCEPT \(old))"
        )
        if try Bool.fetchOne(differ, arguments: [before, now]) == true { retagged.append(id) }
    }

    /// Links the inserted rows with their tags.
    mutating func link() throws {
        var links: [Link] = []
        links.reserveCapacity(inserted.values.reduce(0) { $0 + $1.tags.count })
        for (file, row) in inserted {
            for tag in row.tags { links.append(Link(tag: tag, date: row.date, file: file)) }
        }
        links.sort()
        let whole = links.count - links.count % Self.linksAtOnce
        try insert(links[..<whole], atOnce: Self.linksAtOnce)
        try insert(links[whole...], atOnce: 1)
        guard !known.isEmpty else { return }
        try database.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO file_tag
                SELECT custom_tag.tag, media.date, media.file
                FROM json_each(?) AS wanted
                CROSS JOIN media ON media.file = wanted.value
                CROSS JOIN custom_tag ON custom_tag.file = media.file
                """
        )
        .execute(arguments: [Store.json(known)])
    }

    private func insert(_ links: ArraySlice<Link>, atOnce count: Int) throws {
        guard !links.isEmpty else { return }
        let rows = Array(repeating: "(?, ?, ?)", count: count).joined(separator: ", ")
        let statement = try WriteStatement("INSERT OR IGNORE INTO file_tag (tag, date, file) VALUES \(rows)", database)
        for start in stride(from: links.startIndex, to: links.endIndex, by: count) {
            for link in links[start..<start + count] {
                statement.bind(link.tag)
                statement.bind(link.date)
                statement.bind(link.file)
            }
            try statement.run()
        }
    }
}
