/// Goes through rows in the order of dates until a page is full: all rows, or those of the query's tags or folders.
struct MediaWalk {
    private enum Source {
        /// Rows kept in memory, from a place on; all others come after them.
        case head(MediaHead, place: Int)
        case dates(MediaStatement)
        case tags(TagMerge, MediaStatement)
        case keys(ArraySlice<MediaKey>, MediaStatement)
    }

    private let search: MediaSearch
    private let reading: MediaReading
    private let directories: MediaDirectories
    private let filter: MediaFilter
    private var source: Source
    /// The greatest key that may be asked for.
    private let first: MediaKey
    private(set) var found: FoundList
    /// How many rows were looked at, and how many of them are asked for.
    private var seen = 0
    private var taken = 0
    /// Whether the page is full or nothing is left.
    private(set) var isDone = false

    /// Through all rows, or those of the query's tags.
    init(_ search: MediaSearch, _ reading: MediaReading, _ directories: MediaDirectories) throws {
        self.search = search
        self.reading = reading
        self.directories = directories
        found = FoundList(limit: search.query.limit)
        var first = search.order.first
        if let dates = search.query.dates { first = min(first, MediaKey(date: dates.upperBound, id: .max)) }
        self.first = first
        if TagMerge.canServe(search.query) {
            filter = try search.filter(reading, directories, checksTags: false)
            source = .tags(try TagMerge(search.query, from: first, reading), try reading.row())
        } else {
            filter = try search.filter(reading, directories, checksTags: true)
            if let head = try Self.head(search, reading) {
                source = .head(head, place: head.place(of: first))
            } else {
                source = .dates(try reading.newest(upTo: first, notBefore: search.query.oldestDate))
            }
        }
    }

    /// The rows kept in memory, when they have all columns that are asked for.
    private static func head(_ search: MediaSearch, _ reading: MediaReading) throws -> MediaHead? {
        guard search.settings.usesHead, !MediaFilter.width(search.query).contains(.details) else { return nil }
        return try search.settings.store.heads.head(reading.database)
    }

    /// Through the files of these keys, in descending order.
    init(
        _ search: MediaSearch,
        _ reading: MediaReading,
        _ directories: MediaDirectories,
        keys: [MediaKey]
    ) throws {
        self.search = search
        self.reading = reading
        self.directories = directories
        found = FoundList(limit: search.query.limit)
        filter = try search.filter(reading, directories, checksTags: true)
        first = search.order.first
        source = .keys(keys[...], try reading.row())
    }

    /// Whether the rows left are few against all, so that walking on beats looking at all.
    var isNarrow: Bool {
        switch source {
        case .head, .dates: false
        case .tags, .keys: true
        }
    }

    /// How many rows must be looked at for so many answers, by what was seen so far.
    func expectedRows(for limit: Int) -> Int {
        guard taken > 0 else { return .max }
        let (product, isTooMuch) = max(0, limit - taken).multipliedReportingOverflow(by: seen)
        return isTooMuch ? .max : product / taken
    }

    /// Looks at so many rows more.
    mutating func run(budget: Int) throws {
        let end = seen + min(budget, .max - seen)
        if case .head(let head, let place) = source {
            try run(head, from: place, end: end)
            if isDone || seen >= end { return }
        }
        switch source {
        case .head: return
        case .dates(let rows):
            while seen < end {
                guard try rows.step() else { return isDone = true }
                if try take(rows) { return }
            }
        case .tags(var merge, let row):
            defer { source = .tags(merge, row) }
            while seen < end {
                guard let key = try merge.step(), key.date >= search.query.oldestDate else {
                    return isDone = true
                }
                if try take(key, row) { return }
            }
        case .keys(var keys, let row):
            defer { source = .keys(keys, row) }
            while seen < end {
                guard let key = keys.popFirst() else { return isDone = true }
                if try take(key, row) { return }
            }
        }
    }

    /// Looks at rows kept in memory until so many are seen in all; what comes after the last of them is read.
    private mutating func run(_ head: MediaHead, from place: Int, end: Int) throws {
        let oldest = search.query.oldestDate
        let next = try head.read(from: place) { row in
            guard row.key.date >= oldest else {
                isDone = true
                return false
            }
            return try !take(row) && seen < end
        }
        source = .head(head, place: next)
        guard next == head.count, !isDone else { return }
        if head.isWhole { return isDone = true }
        let below = min(first, head.last?.below ?? .newest)
        source = .dates(try reading.newest(upTo: below, notBefore: oldest))
    }

    /// Takes the row of a key; `true` when the page is full with it.
    private mutating func take(_ key: MediaKey, _ row: MediaStatement) throws -> Bool {
        guard let rank = search.order.rank(key), found.wants(rank) else {
            seen += 1
            return false
        }
        row.bind(key.id)
        return try row.step() && take(row)
    }

    /// Takes a row; `true` when the page is full with it.
    private mutating func take(_ row: some MediaRow) throws -> Bool {
        seen += 1
        guard try search.take(row, filter, directories, &found) else { return false }
        taken += 1
        // In a shuffled order, nothing is known before the last row.
        guard search.order.isByDate, taken >= search.query.limit else { return false }
        isDone = true
        return true
    }
}
