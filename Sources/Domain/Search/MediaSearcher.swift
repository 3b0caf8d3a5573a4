import GRDB

/// Answers queries over the index.
///
/// What a page costs depends on how much of the index has to be looked at until it is full, so a query goes through
/// up to three plans:
///
/// 1. *walk*: rows in the order of the answer (the order of dates, or the lists of the query's tags), as far as a
///    small budget goes. What is common is found here.
/// 2. *candidates*: rows of which the text index, or their folder's path, says that they may hold the text. What is
///    rare is found here.
/// 3. *scan*: what is left of the walk when its lists are short, otherwise all rows, on several threads.
///
/// All of them answer the same; ``plans`` lets tests go through each.
struct MediaSearcher: Sendable {
    /// A way through the index.
    enum Plan: CaseIterable, Sendable {
        case walk
        case candidates
        case scan
    }

    let store: Store
    /// Which plans may be used; the last one is used when others do not apply.
    var plans: Set<Plan> = Set(Plan.allCases)
    /// How long a query with a regular expression may take.
    var patternTime: Duration = .seconds(5)
    /// On how many threads all rows are looked at.
    var scanThreads = 2
    /// Whether a walk by dates begins with the rows kept in memory.
    var usesHead = true
    /// Rows that a walk looks at before other plans are thought of: enough to tell what is common.
    var walkBudget = 400
    /// Rows that are worth being read one by one.
    var candidateLimit = 20_000

    /// The files of a page, in order, and where the next one begins; blocks.
    func search(_ query: MediaQuery) throws -> (found: [FoundMedia], next: MediaCursor?) {
        guard query.limit != 0, query.folders?.isEmpty != true, query.scope?.isEmpty != true else { return ([], nil) }
        var query = query
        if query.limit < 0 { query.limit = .max / 4 }
        let pattern = try query.pattern.map { try TextPattern($0) }
        let search = MediaSearch(query: query, pattern: pattern, settings: self)
        var found = try search.run()
        let page = found.sorted()
        let isFull = page.count == query.limit
        return (page, isFull ? page.last.map { search.order.cursor($0.rank) } : nil)
    }
}

/// One query on its way through the plans.
struct MediaSearch: Sendable {
    let query: MediaQuery
    let pattern: TextPattern?
    let settings: MediaSearcher
    let order: MediaOrder
    let deadline: Deadline

    init(query: MediaQuery, pattern: TextPattern?, settings: MediaSearcher) {
        self.query = query
        self.pattern = pattern
        self.settings = settings
        order = MediaOrder(query)
        deadline = Deadline(in: settings.patternTime)
    }

    /// What one transaction came to: an answer, or a part of it and the ids whose rows must all be looked at.
    enum Outcome {
        case done(FoundList)
        case scan(Range<Int>, FoundList)
    }

    /// The files found, more than the page at times.
    func run() throws -> FoundList {
        let outcome = try settings.store.pool.read { database in
            try first(MediaReading(database, MediaFilter.width(query)))
        }
        switch outcome {
        case .done(let found): return found
        case .scan(let ids, let found): return try scan(ids, found)
        }
    }

    private func first(_ reading: MediaReading) throws -> Outcome {
        let directories = try settings.store.directories.directories(reading.database)
        let endID = try reading.endID()
        if settings.plans.contains(.walk), order.isByDate || TagMerge.canServe(query) {
            var walk = try MediaWalk(self, reading, directories)
            if order.isByDate {
                try walk.run(budget: settings.plans.count == 1 ? .max : settings.walkBudget)
                // It goes on while that promises a full page soon.
                while !walk.isDone, walk.expectedRows(for: query.limit) < endID / 8 {
                    try walk.run(budget: settings.walkBudget)
                }
            }
            if walk.isDone { return .done(walk.found) }
            let candidates = try candidates(reading, directories, endID: endID)
            if case .done = candidates { return candidates }
            if walk.isNarrow {
                try walk.run(budget: .max)
                return .done(walk.found)
            }
            return try inFolders(reading, directories, endID: endID) ?? candidates
        }
        let candidates = try candidates(reading, directories, endID: endID)
        if case .done = candidates { return candidates }
        return try inFolders(reading, directories, endID: endID) ?? candidates
    }

    /// The rows in the query's folders, by date; `nil` when they are too many, or no folders are given.
    private func inFolders(_ reading: MediaReading, _ directories: MediaDirectories, endID: Int) throws -> Outcome? {
        guard settings.plans.contains(.walk) else { return nil }
        let filter = try filter(reading, directories, checksTags: true)
        let candidates = MediaCandidates(self, reading, directories)
        guard let keys = try candidates.keysInFolders(limit: endID / 4, filter) else { return nil }
        var walk = try MediaWalk(self, reading, directories, keys: keys)
        try walk.run(budget: .max)
        return .done(walk.found)
    }

    /// The rows that may hold the text, and which others are left; all of them when too many may.
    private func candidates(
        _ reading: MediaReading,
        _ directories: MediaDirectories,
        endID: Int
    ) throws -> Outcome {
        let all = Outcome.scan(0..<endID, FoundList(limit: query.limit))
        guard settings.plans.contains(.candidates) else { return all }
        let filter = try filter(reading, directories, checksTags: true)
        let limit = settings.plans.count == 1 ? .max : min(settings.candidateLimit, max(endID / 8, 256))
        guard let candidates = try MediaCandidates(self, reading, directories).find(limit: limit, filter) else {
            return all
        }
        let row = try reading.row()
        var found = FoundList(limit: query.limit)
        for id in candidates.ids {
            row.bind(id)
            if try row.step() { try take(row, filter, directories, &found) }
        }
        guard let rest = candidates.rest else { return .done(found) }
        return .scan(min(rest, endID)..<endID, found)
    }

    /// Looks at all rows of a range, in shares of their ids, and adds to what was found of others.
    private func scan(_ ids: Range<Int>, _ known: FoundList) throws -> FoundList {
        let share = 4096
        let shares = ScanShares(start: ids.lowerBound, end: ids.upperBound, share: share)
        let threads = max(1, min(settings.scanThreads, ids.count / share))
        let results = try ParallelWork.run(threads: threads) {
            try settings.store.pool.read { database in
                let reading = MediaReading(database, MediaFilter.width(query))
                let directories = try settings.store.directories.directories(database)
                let filter = try filter(reading, directories, checksTags: true)
                var found = FoundList(limit: query.limit)
                while let ids = shares.next() {
                    let rows = try reading.rows(from: ids.lowerBound, upTo: ids.upperBound)
                    while try rows.step() { try take(rows, filter, directories, &found) }
                }
                return found
            }
        }
        var found = known
        for result in results { found.append(result) }
        return found
    }

    /// A filter for the rows of this search.
    func filter(_ reading: MediaReading, _ directories: MediaDirectories, checksTags: Bool) throws -> MediaFilter {
        try MediaFilter(query, pattern, reading, directories, checksTags: checksTags, deadline)
    }

    /// Takes a row, if it is asked for.
    @discardableResult
    func take(
        _ row: some MediaRow,
        _ filter: MediaFilter,
        _ directories: MediaDirectories,
        _ found: inout FoundList
    ) throws -> Bool {
        let key = MediaKey(date: row.int(MediaReading.Column.date), id: row.int(MediaReading.Column.file))
        guard let rank = order.rank(key), found.wants(rank), try filter.matches(row) else { return false }
        let directory = row.int(MediaReading.Column.directory)
        found.append(
            FoundMedia(
                key: key,
                rank: rank,
                kind: MediaKind(rawValue: row.int(MediaReading.Column.kind)) ?? .image,
                directory: directory,
                size: row.int(MediaReading.Column.size),
                path: directories.path(of: directory, name: row.bytes(MediaReading.Column.name))
            )
        )
        return true
    }
}
