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

/// The files that have all of some tags, one of each of some groups and none of others, by date and id descending.
struct TagMerge {
    private let all: [TagList]
    private let groups: [[TagList]]
    private let none: [TagList]
    private var next: MediaKey

    /// Whether a query names tags that files must have; without any there is no list to walk.
    static func canServe(_ query: MediaQuery) -> Bool { !query.allTags.isEmpty || !query.groups.isEmpty }

    init(_ query: MediaQuery, from first: MediaKey, _ reading: MediaReading) throws {
        func lists(_ tags: [Int]) throws -> [TagList] { try Set(tags).sorted().map { try TagList($0, reading) } }
        all = try lists(query.allTags)
        groups = try query.groups.map(lists)
        none = try lists(query.noTags)
        next = first
    }

    /// The next file; `nil` after the last.
    mutating func step() throws -> MediaKey? {
        while let key = try common(next) {
            guard key == next else {
                // The others may skip as far.
                next = key
                continue
            }
            next = key.below
            if try !none.contains(where: { try $0.seek(key) == key }) { return key }
        }
        return nil
    }

    /// The key itself when all lists and groups have it, otherwise one below it that none of them has anything above;
    /// `nil` when nothing is left.
    private func common(_ key: MediaKey) throws -> MediaKey? {
        for list in all {
            guard let found = try list.seek(key) else { return nil }
            if found < key { return found }
        }
        for group in groups {
            var greatest: MediaKey?
            for list in group {
                guard let found = try list.seek(key) else { continue }
                greatest = max(greatest ?? found, found)
                if found == key { break }
            }
            guard let greatest else { return nil }
            if greatest < key { return greatest }
        }
        return key
    }
}
