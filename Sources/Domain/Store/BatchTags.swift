import GRDB

/// The automatic tags of the files of one batch: which file has which, and how many new rows have each.
///
/// Tags that nobody knew get their ids at once and their rows together, once all files are in (``make(_:)``).
struct BatchTags {
    /// How many rows one statement makes: opening the table and its index for each would cost as much as the row.
    private static let rowsAtOnce = 16

    /// A tag with the id that its row is to have.
    private typealias Fresh = (tag: AutoTag, id: Int)

    private let database: Database
    /// Of all files one after the other: the ids of their tags.
    private var ids: [Int] = []
    /// Where the ids of each file end.
    private var ends: [Int] = []
    /// The least id that was free at the beginning, and the least that is free now.
    private let first: Int
    private var next: Int
    /// Tags without a row.
    private var fresh: [Fresh] = []
    /// How many new rows have the tags from ``first`` on.
    private var files: [Int] = []
    /// How many new rows have a tag that has a row.
    private var counts: [Int: Int] = [:]
    /// Custom tags that were made, because a rule named them.
    private(set) var made: [MediaTag] = []

    /// No other may make tags as long as this one is in use.
    init(database: Database) throws {
        self.database = database
        let greatest = try database.cachedStatement(
            sql: """
                SELECT max(ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'tag'), 0),
                    ifnull((SELECT max(id) FROM tag), 0))
                """
        )
        first = (try Int.fetchOne(greatest) ?? 0) + 1
        next = first
    }

    /// Takes in the tags of the next file; counted are those of a new row, the others' counts are a trigger's.
    mutating func add(_ tags: [AutoTag], isNew: Bool, _ cache: inout TagCache) throws {
        let start = ids.count
        for tag in tags {
            let isCustom = tag.type == MediaTag.custom
            let id = try isCustom ? id(ofCustom: tag) : cache.id(of: tag, orNew: next)
            if id == next { takeNext(for: tag) }
            // Names that are equal as Swift texts are one tag.
            guard !ids[start...].contains(id) else { continue }
            ids.append(id)
            guard isNew else { continue }
            if id >= first, !isCustom { files[id - first] += 1 } else { counts[id, default: 0] += 1 }
        }
        ends.append(ids.count)
    }

    private mutating func takeNext(for tag: AutoTag) {
        fresh.append((tag, next))
        files.append(0)
        next += 1
    }

    /// The id of a custom tag, which is made when it is missing.
    private mutating func id(ofCustom tag: AutoTag) throws -> Int {
        if let id = try id(of: tag) { return id }
        let id = next
        try database.cachedStatement(sql: "INSERT INTO tag (id, name, type) VALUES (?, ?, ?)")
            .execute(arguments: [id, tag.name, tag.type])
        made.append(MediaTag(id: id, name: tag.name, type: tag.type))
        files.append(0)
        next += 1
        return id
    }

    /// Makes the rows of the tags that are missing; after it ``ids(ofFile:)`` answers.
    mutating func make(_ cache: inout TagCache) throws {
        let whole = fresh.count - fresh.count % Self.rowsAtOnce
        let suspects = try insert(fresh[..<whole], atOnce: Self.rowsAtOnce) + insert(fresh[whole...], atOnce: 1)
        // Some have rows that the cache did not know, which have not counted these files.
        var others: [Int: Int] = [:]
        for (tag, id) in suspects {
            guard let other = try self.id(of: tag) else {
                throw DatabaseError(resultCode: .SQLITE_CONSTRAINT, message: "the tag \(id) has no row")
            }
            guard other != id else { continue }
            others[id] = other
            cache.correct(tag, to: other)
            if files[id - first] > 0 { counts[other, default: 0] += files[id - first] }
        }
        if !others.isEmpty { ids = ids.map { others[$0] ?? $0 } }
    }

    /// Inserts rows, so many with one statement; answers those of statements that found tags with other rows.
    private func insert(_ tags: ArraySlice<Fresh>, atOnce count: Int) throws -> [Fresh] {
        guard !tags.isEmpty else { return [] }
        let rows = Array(repeating: "(?, ?, ?, ?)", count: count).joined(separator: ", ")
        let statement = try WriteStatement(
            // One that could fail half-way would have SQLite write a journal of its own.
            "INSERT OR IGNORE INTO tag (id, name, type, count) VALUES \(rows)",
            database
        )
        var suspects: [Fresh] = []
        for start in stride(from: tags.startIndex, to: tags.endIndex, by: count) {
            for (tag, id) in tags[start..<start + count] {
                statement.bind(id)
                statement.bind(tag.name)
                statement.bind(tag.type)
                statement.bind(files[id - first])
            }
            if try statement.run() < count { suspects += tags[start..<start + count] }
        }
        return suspects
    }

    /// The id of a tag that has a row.
    private func id(of tag: AutoTag) throws -> Int? {
        let find = try database.cachedStatement(sql: "SELECT id FROM tag WHERE name = ? AND type = ?")
        return try Int.fetchOne(find, arguments: [tag.name, tag.type])
    }

    /// The ids of the tags of the file that was added as the `number`th, from 0.
    func ids(ofFile number: Int) -> ArraySlice<Int> { ids[(number == 0 ? 0 : ends[number - 1])..<ends[number]] }

    /// Counts the tags of another new row.
    mutating func count(_ ids: ArraySlice<Int>) {
        for id in ids { counts[id, default: 0] += 1 }
    }

    /// Adds to the rows of the tags how many files have them now.
    func writeCounts() throws {
        let add = try WriteStatement("UPDATE tag SET count = count + ? WHERE id = ?", database)
        for (id, files) in counts.sorted(by: { $0.key < $1.key }) {
            add.bind(files)
            add.bind(id)
            try add.run()
        }
    }
}
