import Domain

/// Places in lists of files as the dialect writes them (contracts/iib.md §4, Cursor).
///
/// By date it is `<date>|<id>`, the date in local time; a bare date, from older clients, stands before everything of
/// that second. Shuffled, it is `random|<seed>|<key>|<id>`, so that all pages are parts of one order.
enum IIBCursor {
    /// Where the next page begins, as a text.
    static func text(_ cursor: MediaCursor, order: MediaQuery.Order, zone: LocalTime = .server) -> String {
        switch cursor {
        case .before(let date, let id):
            var writer = LocalTimeWriter(zone: zone)
            return writer.text(date) + (id.map { "|\($0)" } ?? "")
        case .shuffled(let key, let id):
            guard case .random(let seed) = order else { return "" }
            return "random|\(seed)|\(key)|\(id)"
        }
    }

    /// The place that a text of ours names in a shuffled order, and the order; `nil` for any other text.
    static func shuffled(_ text: String) -> (order: MediaQuery.Order, after: MediaCursor)? {
        let parts = text.split(separator: "|", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "random", let seed = UInt64(parts[1]), let key = UInt64(parts[2]),
            let id = Int(parts[3])
        else { return nil }
        return (.random(seed: seed), .shuffled(key: key, id: id))
    }

    /// The place that a text names in the order of dates; `nil` for a text that names none.
    ///
    /// In the hour that clocks show twice the file itself is asked for its date with `date`; where it is gone, and for
    /// a bare date, the later hour counts, so that nothing is missed.
    static func dated(
        _ text: String,
        zone: LocalTime = .server,
        date: (Int) async throws -> Int?
    ) async throws -> MediaCursor? {
        let parts = text.split(separator: "|", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let shown = parts.first else { return nil }
        let moments = zone.moments(shown.utf8.count == 10 ? "\(shown) 00:00:00" : String(shown))
        guard let last = moments.last else { return nil }
        guard parts.count == 2 else { return .before(date: last, id: nil) }
        guard let id = Int(parts[1]) else { return nil }
        if moments.count > 1, let known = try await date(id), moments.contains(known) {
            return .before(date: known, id: id)
        }
        return .before(date: last, id: id)
    }
}
