/// Finds the ids of the rows that may hold the text of a query, by the text index and by the paths of folders.
struct MediaCandidates {
    /// More trigrams than these make no smaller list, but a longer search.
    private static let trigramLimit = 8

    private let search: MediaSearch
    private let reading: MediaReading
    private let directories: MediaDirectories

    init(_ search: MediaSearch, _ reading: MediaReading, _ directories: MediaDirectories) {
        self.search = search
        self.reading = reading
        self.directories = directories
    }

    /// What may hold the text.
    struct Found {
        /// Ids, ascending.
        var ids: [Int] = []
        /// From this id on every row must be looked at: the text index has not come so far; `nil` when it has.
        var rest: Int?
    }

    /// Ids, at most `limit`; `nil` when there are more, or nothing by which to choose.
    ///
    /// The text index takes files in by their ids, so where more than `limit` wait for it, those before the first of them
    /// are known from the index, and the others must be looked at.
    func find(limit: Int, _ filter: MediaFilter) throws -> Found? {
        guard search.pattern == nil, let match = Self.match(search.query.text) else { return nil }
        var ids: [Int] = []
        let found = try reading.candidates(match)
        while try found.step() {
            if ids.count >= limit { return nil }
            ids.append(found.int(0))
        }
        var rest: Int?
        let known = ids.count
        let waiting = try reading.unsearchable()
        while rest == nil, try waiting.step() {
            if ids.count >= limit { rest = ids.count > known ? ids[known] : waiting.int(0) }
            ids.append(waiting.int(0))
        }
        waiting.reset()
        if rest != nil { ids.removeLast(ids.count - known) }
        let files = try reading.directory()
        for directory in 0..<directories.endID {
            guard filter.textAnswer(for: directory) != .nameAlone, filter.isInside(directory) else { continue }
            files.bind(directory, .max, .max, .min)
            while try files.step() {
                if ids.count >= limit { return nil }
                ids.append(files.int(1))
            }
        }
        ids.sort()
        var unique: [Int] = []
        unique.reserveCapacity(ids.count)
        for id in ids where unique.last != id && id < rest ?? .max { unique.append(id) }
        return Found(ids: unique, rest: rest)
    }

    /// The keys, descending, of the files in the query's folders, at most `limit`; `nil` when there are more, or no
    /// folders are given.
    func keysInFolders(limit: Int, _ filter: MediaFilter) throws -> [MediaKey]? {
        guard search.query.folders != nil || search.query.scope != nil else { return nil }
        var keys: [MediaKey] = []
        let first = search.order.first
        let files = try reading.directory()
        for directory in 0..<directories.endID where filter.isInside(directory) {
            files.bind(directory, first.date, first.id, search.query.dates?.lowerBound ?? .min)
            while try files.step() {
                if keys.count >= limit { return nil }
                keys.append(MediaKey(date: files.int(0), id: files.int(1)))
            }
        }
        keys.sort(by: >)
        return keys
    }

    /// The trigrams that a text must have to hold the pattern, as the text index wants them; `nil` for too short ones.
    ///
    /// The index folds the case of all letters and not only of ASCII's, so it finds more, never less.
    static func match(_ pattern: String) -> String? {
        var trigrams: [String] = []
        for run in pattern.unicodeScalars.split(whereSeparator: { $0 == "%" || $0 == "_" || $0 == "\0" }) {
            let run = Array(run)
            guard run.count >= 3 else { continue }
            for start in 0...(run.count - 3) {
                var trigram = String.UnicodeScalarView()
                trigram.append(contentsOf: run[start..<(start + 3)])
                trigrams.append("\"" + String(trigram).replacing("\"", with: "\"\"") + "\"")
            }
        }
        guard !trigrams.isEmpty else { return nil }
        // Spread over the pattern, its end included.
        let step = max(1, (trigrams.count + trigramLimit - 1) / trigramLimit)
        var chosen = stride(from: 0, to: trigrams.count, by: step).map { trigrams[$0] }
        if let last = trigrams.last, chosen.last != last { chosen.append(last) }
        return chosen.joined(separator: " AND ")
    }
}
