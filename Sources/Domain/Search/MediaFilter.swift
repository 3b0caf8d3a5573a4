/// Whether a row of the index is what a query asks for; the cheap conditions are looked at first.
///
/// For one transaction and one thread: it remembers what it learnt of folders, and holds what patterns need to match.
final class MediaFilter {
    private typealias Column = MediaReading.Column

    private let query: MediaQuery
    private let directories: MediaDirectories
    private let folders: [[UInt8]]?
    private let scope: [[UInt8]]?
    private let kinds: UInt8
    private let groups: [[Int]]
    /// By the directory's id: 0 not known yet, 1 outside the query's folders, 2 inside.
    private var places: [UInt8]
    private let text: PathMatcher?
    private let without: [PathMatcher]
    private let pattern: PatternMatcher?
    private let model: SubstringMatcher?
    private var path: [UInt8] = []
    private let tagCheck: MediaStatement?
    private let customTagCheck: MediaStatement?
    private let deadline: Deadline
    private var sinceClock = 0

    /// How much of a row the query's conditions need.
    static func width(_ query: MediaQuery) -> MediaReading.Width {
        var width: MediaReading.Width = []
        if !query.isPathOnly, !query.text.isEmpty || query.pattern != nil || !query.without.isEmpty {
            width.insert(.text)
        }
        if query.widths != nil || query.heights != nil || query.seeds != nil || query.ratings != nil
            || query.model != nil || query.needsTag
        {
            width.insert(.details)
        }
        return width
    }

    /// A filter; `checksTags` says whether rows may come that have not the tags of the query.
    init(
        _ query: MediaQuery,
        _ pattern: TextPattern?,
        _ reading: MediaReading,
        _ directories: MediaDirectories,
        checksTags: Bool,
        _ deadline: Deadline
    ) throws {
        self.query = query
        self.directories = directories
        self.deadline = deadline
        folders = query.folders.map { $0.map(Self.folder) }
        scope = query.scope.map { $0.map(Self.folder) }
        kinds = query.kinds.map { $0.reduce(0) { $0 | 1 << UInt8($1.rawValue) } } ?? 0xFF
        places = folders == nil && scope == nil ? [] : [UInt8](repeating: 0, count: directories.endID)
        text = pattern == nil && !query.text.isEmpty ? PathMatcher(query.text, directories) : nil
        without = query.without.filter { !$0.isEmpty }.map { PathMatcher($0, directories) }
        self.pattern = try pattern.map { try PatternMatcher($0) }
        model = query.model.map { SubstringMatcher($0) }
        groups = query.groups
        let hasTags = !query.allTags.isEmpty || !groups.isEmpty || !query.noTags.isEmpty
        tagCheck = checksTags && hasTags ? try reading.tagCheck() : nil
        customTagCheck = query.needsTag ? try reading.customTagCheck() : nil
    }

    /// A folder without a slash at its end.
    private static func folder(_ path: String) -> [UInt8] {
        var bytes = Array(path.utf8)
        while bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        return bytes
    }

    /// Whether a row is asked for.
    func matches(_ row: some MediaRow) throws -> Bool {
        guard kinds & (1 << UInt8(truncatingIfNeeded: row.int(Column.kind))) != 0 else { return false }
        if let sizes = query.sizes, !sizes.contains(row.int(Column.size)) { return false }
        if let dates = query.dates, !dates.contains(row.int(Column.date)) { return false }
        let directory = row.int(Column.directory)
        guard isInside(directory), hasDetails(row) else { return false }
        if pattern != nil || !without.isEmpty || text != nil, try !hasWords(row, directory) { return false }
        return try hasTags(row)
    }

    /// Whether files of a directory may be asked for, by where it lies.
    func isInside(_ directory: Int) -> Bool {
        if folders == nil, scope == nil { return true }
        guard places.indices.contains(directory) else { return false }
        if places[directory] == 0 {
            let isInside =
                (folders.map { directories.lies(directory, in: $0) } ?? true)
                && (scope.map { directories.lies(directory, in: $0) } ?? true)
            places[directory] = isInside ? 2 : 1
        }
        return places[directory] == 2
    }

    /// What a directory's path leaves possible for the text of the query.
    func textAnswer(for directory: Int) -> LiveMatch.Answer { text?.answer(for: directory) ?? .whole }

    private func hasDetails(_ row: some MediaRow) -> Bool {
        if let widths = query.widths, !has(row, Column.width, widths) { return false }
        if let heights = query.heights, !has(row, Column.height, heights) { return false }
        if let seeds = query.seeds {
            guard !row.isNull(Column.seed), seeds.contains(Store.seed(row.int(Column.seed))) else { return false }
        }
        if let ratings = query.ratings {
            guard !row.isNull(Column.rating), ratings.contains(row.double(Column.rating)) else { return false }
        }
        if let model {
            guard !row.isNull(Column.model), model.matches(row.bytes(Column.model)) else { return false }
        }
        return true
    }

    private func has(_ row: some MediaRow, _ column: Int32, _ range: ClosedRange<Int>) -> Bool {
        !row.isNull(column) && range.contains(row.int(column))
    }

    private func hasWords(_ row: some MediaRow, _ directory: Int) throws -> Bool {
        let name = row.bytes(Column.name)
        if let pattern {
            try checkClock()
            path.removeAll(keepingCapacity: true)
            directories.withPath(of: directory) { path.append(contentsOf: $0) }
            path.append(contentsOf: name)
            let isInPath = try path.withUnsafeBytes { (path) throws(MediaQueryError) in try pattern.matches(path) }
            if !isInPath, try query.isPathOnly || !pattern.matches(row.bytes(Column.text)) { return false }
        } else if let text {
            let isInPath = text.matches(directory: directory, name: name)
            if !isInPath, query.isPathOnly || !text.matches(text: row.bytes(Column.text)) { return false }
        }
        for word in without {
            if word.matches(directory: directory, name: name) { return false }
            if !query.isPathOnly, word.matches(text: row.bytes(Column.text)) { return false }
        }
        return true
    }

    private func hasTags(_ row: some MediaRow) throws -> Bool {
        if let tagCheck {
            let (date, file) = (row.int(Column.date), row.int(Column.file))
            for tag in query.allTags where try !has(tag, date, file, tagCheck) { return false }
            for tag in query.noTags where try has(tag, date, file, tagCheck) { return false }
            for group in groups where try !group.contains(where: { try has($0, date, file, tagCheck) }) { return false }
        }
        if let customTagCheck, row.bytes(Column.tags).count <= 2 {
            customTagCheck.bind(row.int(Column.file))
            defer { customTagCheck.reset() }
            return try customTagCheck.step()
        }
        return true
    }

    private func has(_ tag: Int, _ date: Int, _ file: Int, _ check: MediaStatement) throws -> Bool {
        check.bind(tag, date, file)
        defer { check.reset() }
        return try check.step()
    }

    /// Patterns alone may take so long that a query is given up.
    private func checkClock() throws(MediaQueryError) {
        sinceClock += 1
        guard sinceClock >= 8 else { return }
        sinceClock = 0
        if deadline.isOver { throw .patternTooSlow }
    }
}
