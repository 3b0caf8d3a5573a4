import GRDB

/// The automatic tags of the files of one batch: which file has which, and how many new rows have each.
///
/// Tags that nobody knew are made together, once all files are in (``make(_:)``); until then a number stands for each.
struct BatchTags {
    private let insert: WriteStatement
    private let database: Database
    /// Of all files one after the other: the id of a known tag, or the complement of a place in ``fresh``.
    private var codes: [Int] = []
    /// Where the codes of each file end.
    private var ends: [Int] = []
    /// Tags without an id, and how many new rows have them.
    private var fresh: [(tag: AutoTag, files: Int)] = []
    private var freshIDs: [Int] = []
    /// Custom tags that were made, because a rule named them.
    private(set) var made: [MediaTag] = []
    /// How many new rows have a known tag.
    private var counts: [Int: Int] = [:]

    init(database: Database) throws {
        self.database = database
        insert = try WriteStatement(
            "INSERT INTO tag (name, type, count) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            database
        )
    }

    /// Takes in the tags of the next file; counted are those of a new row, the others' counts are a trigger's.
    mutating func add(_ tags: [AutoTag], isNew: Bool, _ cache: inout TagCache) throws {
        let start = codes.count
        for tag in tags {
            let code: Int
            if let known = cache[tag] {
                code = known
            } else if tag.type == MediaTag.custom {
                let (id, isNew) = try id(of: tag, files: 0)
                if isNew { made.append(MediaTag(id: id, name: tag.name, type: tag.type)) }
                code = id
            } else {
                code = ~fresh.count
                fresh.append((tag, 0))
                cache[tag] = code
            }
            // Names that are equal as Swift texts are one tag.
            guard !codes[start...].contains(code) else { continue }
            codes.append(code)
            guard isNew else { continue }
            if code < 0 { fresh[~code].files += 1 } else { counts[code, default: 0] += 1 }
        }
        ends.append(codes.count)
    }

    /// Makes the tags that are missing; after it ``ids(ofFile:)`` answers.
    mutating func make(_ cache: inout TagCache) throws {
        freshIDs.reserveCapacity(fresh.count)
        for (tag, files) in fresh {
            let (id, isNew) = try id(of: tag, files: files)
            // A row that was there has not counted them.
            if !isNew, files > 0 { counts[id, default: 0] += files }
            freshIDs.append(id)
            cache[tag] = id
        }
    }

    /// The ids of the tags of the file that was added as the `number`th, from 0.
    func ids(ofFile number: Int) -> [Int] {
        codes[(number == 0 ? 0 : ends[number - 1])..<ends[number]].map { $0 < 0 ? freshIDs[~$0] : $0 }
    }

    /// Counts the tags of another new row.
    mutating func count(_ ids: [Int]) {
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

    /// The id of a tag, which is made with that count when it is missing.
    private func id(of tag: AutoTag, files: Int) throws -> (id: Int, isNew: Bool) {
        // Most tags that are not in the cache are new.
        insert.bind(tag.name)
        insert.bind(tag.type)
        insert.bind(files)
        if try insert.run() > 0 { return (insert.insertedID, true) }
        let find = try database.cachedStatement(sql: "SELECT id FROM tag WHERE name = ? AND type = ?")
        return (try Int.fetchOne(find, arguments: [tag.name, tag.type]) ?? 0, false)
    }
}
