import GRDB

extension Store {
    /// What is read of a word, in the order of ``word(_:)``.
    private static let wordColumns = """
        SELECT word.id, word.name, (SELECT count(*) FROM model_word WHERE model_word.word = word.id) AS uses,
            word.system
        FROM word
        """

    /// The same without counting who has them, which takes long for those that thousands have.
    private static let namedColumns = "SELECT word.id, word.name, 0, word.system FROM word"

    private static func word(_ row: Row) -> ModelWord {
        ModelWord(id: row[0], name: row[1], count: row[2], isSystem: row[3])
    }

    /// All words, by name.
    func words() throws -> [ModelWord] {
        try pool.read { try Row.fetchAll($0, sql: Self.wordColumns + " ORDER BY word.name").map(Self.word) }
    }

    /// The words that a query asks for, and how many there are without its bounds.
    func words(_ query: ModelGallery.WordQuery) throws -> (words: [ModelWord], total: Int) {
        var condition: SQL = "1"
        let prefix = Self.text(query.prefix).lowercased()
        if !prefix.isEmpty {
            condition += " AND substr(swiftLowercaseString(word.name), 1, length(\(prefix))) = \(prefix)"
        }
        if !query.includesUnused { condition += " AND EXISTS (SELECT 1 FROM model_word WHERE word = word.id)" }
        let order =
            switch query.order {
            case .countDescending: "uses DESC, word.name"
            case .nameAscending: "word.name"
            }
        return try pool.read { database in
            let count: SQL = "SELECT count(*) FROM word WHERE \(condition)"
            let total = try SQLRequest<Int>(literal: count).fetchOne(database) ?? 0
            let rows: SQL = """
                \(sql: Self.wordColumns) WHERE \(condition) ORDER BY \(sql: order)
                LIMIT \(max(0, query.limit)) OFFSET \(max(0, query.offset))
                """
            return (try SQLRequest<Row>(literal: rows).fetchAll(database).map(Self.word), total)
        }
    }

    /// The words of these names in this order, not counted, and which of them are new; what is blank is left out.
    func addWords(_ names: [String]) throws -> (words: [ModelWord], added: [ModelWord]) {
        try pool.write { try Self.addWords(names, $0) }
    }

    static func addWords(
        _ names: [String],
        _ database: Database
    ) throws -> (words: [ModelWord], added: [ModelWord]) {
        var words: [ModelWord] = []
        var added: [ModelWord] = []
        var seen: [ByteText: ModelWord] = [:]
        for name in names.map(Self.wordName) where !name.isEmpty {
            defer { seen[ByteText(name)] = words.last }
            if let known = seen[ByteText(name)] {
                words.append(known)
                continue
            }
            if let known = try Row.fetchOne(database, sql: namedColumns + " WHERE word.name = ?", arguments: [name]) {
                words.append(word(known))
                continue
            }
            try database.execute(sql: "INSERT INTO word (name) VALUES (?)", arguments: [name])
            words.append(ModelWord(id: Int(database.lastInsertedRowID), name: name))
            added += words.suffix(1)
        }
        return (words, added)
    }

    /// A name as words have it: without white space around it.
    private static func wordName(_ name: String) -> String {
        let name = text(name)
        guard let first = name.firstIndex(where: { !$0.isWhitespace }),
            let last = name.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(name[first...last])
    }

    /// Whose words are meant.
    enum WordOwners {
        case models
        case pending

        fileprivate var pairs: String {
            switch self {
            case .models: "SELECT model AS owner, word FROM model_word"
            case .pending: "SELECT pending AS owner, word FROM pending_model_word"
            }
        }
    }

    /// The words of each of these rows, by name and not counted; rows without words are left out.
    static func words(of rows: [Int], in owners: WordOwners, _ database: Database) throws -> [Int: [ModelWord]] {
        guard !rows.isEmpty else { return [:] }
        let ids = JSON.array(rows.map { .int(Int64($0)) }).text
        let pairs = try Row.fetchAll(
            database,
            sql: "SELECT * FROM (\(owners.pairs)) WHERE owner IN (SELECT value FROM json_each(?))",
            arguments: [ids]
        ).map { (owner: $0[0] as Int, word: $0[1] as Int) }
        guard !pairs.isEmpty else { return [:] }
        let used = JSON.array(Set(pairs.map(\.word)).map { .int(Int64($0)) }).text
        let words = try Row.fetchAll(
            database,
            sql: namedColumns + " WHERE word.id IN (SELECT value FROM json_each(?)) ORDER BY word.name",
            arguments: [used]
        ).map(word)
        let places = Dictionary(uniqueKeysWithValues: words.enumerated().map { ($1.id, $0) })
        return Dictionary(grouping: pairs, by: \.owner).mapValues { pairs in
            pairs.compactMap { places[$0.word] }.sorted().map { words[$0] }
        }
    }
}
