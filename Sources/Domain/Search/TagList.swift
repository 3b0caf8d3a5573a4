/// The files that have one tag, by date and id descending, walked from key to key.
final class TagList {
    /// So many rows are stepped over before the list is searched anew: a step costs a tenth of a search.
    private static let stepsBeforeSearch = 12

    private let tag: Int
    private let rows: MediaStatement
    private(set) var current: MediaKey?
    private var hasBegun = false

    init(_ tag: Int, _ reading: MediaReading) throws {
        self.tag = tag
        rows = try reading.tagged()
    }

    /// The first key at or below the given one; keys must come in descending order.
    func seek(_ key: MediaKey) throws -> MediaKey? {
        if hasBegun {
            guard let current else { return nil }
            if current <= key { return current }
            for _ in 0..<Self.stepsBeforeSearch {
                guard try step() else { return nil }
                if self.current.map({ $0 <= key }) ?? true { return self.current }
            }
        }
        hasBegun = true
        rows.bind(tag, key.date, key.id)
        _ = try step()
        return current
    }

    private func step() throws -> Bool {
        current = try rows.step() ? MediaKey(date: rows.int(0), id: rows.int(1)) : nil
        return current != nil
    }
}

/// The files that have all of some tags, one of others and none of a third group, by date and id descending.
struct TagMerge {
    private let all: [TagList]
    private let any: [TagList]
    private let none: [TagList]
    private var next: MediaKey

    /// Whether a query names tags that files must have; without any there is no list to walk.
    static func canServe(_ query: MediaQuery) -> Bool { !query.allTags.isEmpty || !query.anyTags.isEmpty }

    init(_ query: MediaQuery, from first: MediaKey, _ reading: MediaReading) throws {
        all = try Set(query.allTags).sorted().map { try TagList($0, reading) }
        any = try Set(query.anyTags).sorted().map { try TagList($0, reading) }
        none = try Set(query.noTags).sorted().map { try TagList($0, reading) }
        next = first
    }

    /// The next file; `nil` after the last.
    mutating func step() throws -> MediaKey? {
        search: while true {
            var key = next
            for list in all {
                guard let found = try list.seek(key) else { return nil }
                if found < key {
                    // The others may skip as far.
                    next = found
                    continue search
                }
            }
            if !any.isEmpty {
                var greatest: MediaKey?
                for list in any {
                    guard let found = try list.seek(key) else { continue }
                    greatest = max(greatest ?? found, found)
                    if found == key { break }
                }
                guard let greatest else { return nil }
                if greatest < key, !all.isEmpty {
                    next = greatest
                    continue search
                }
                key = greatest
            }
            next = key.below
            var isExcluded = false
            for list in none where try list.seek(key) == key {
                isExcluded = true
                break
            }
            if !isExcluded { return key }
        }
    }
}
