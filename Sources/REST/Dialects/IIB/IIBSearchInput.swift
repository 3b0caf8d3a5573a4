import Domain
import HTTPTypes

extension IIBInput {
    /// How many tags, folders or words one search may name: each of them costs something at every file.
    static let searchListLimit = 1_000

    /// What every search can ask for besides its words or tags: the folders, and the members that this server adds
    /// (docs/iib.md, Extras).
    ///
    /// `nil` when nothing can match, since a range is empty. Throws ``IIBError`` with 400 for a date that is none.
    mutating func narrow(_ query: inout MediaQuery, zone: LocalTime = .server) throws(IIBError) -> Bool {
        let folders = optionalStrings("folder_paths") ?? []
        let words = (optionalStrings("not") ?? []).filter { !$0.isEmpty }
        guard max(folders.count, words.count) <= Self.searchListLimit else {
            throw IIBError(.badRequest, "Too many folders or words")
        }
        if !folders.isEmpty { query.folders = folders.compactMap { PathPolicy.resolved(IIBPath.absolute($0)) } }
        query.without = words
        query.model = optionalString("model")
        let ranges = [
            range("min_size", "max_size"), range("min_width", "max_width"), range("min_height", "max_height"),
        ]
        let seeds = seeds()
        let ratings = range(optionalNumber("min_rating"), optionalNumber("max_rating"), 0, .infinity)
        let from = optionalString("date_from")
        let to = optionalString("date_to")
        try check()
        let dates = range(
            try from.map { text throws(IIBError) in try Self.moment(text, isEnd: false, zone) },
            try to.map { text throws(IIBError) in try Self.moment(text, isEnd: true, zone) },
            .min,
            .max
        )
        guard (ranges + [dates]).allSatisfy({ !$0.isEmpty }), !seeds.isEmpty, !ratings.isEmpty else { return false }
        query.sizes = ranges[0].bounds
        query.widths = ranges[1].bounds
        query.heights = ranges[2].bounds
        query.seeds = seeds.bounds
        query.ratings = ratings.bounds
        query.dates = dates.bounds
        return true
    }

    /// A range that was asked for: no bounds when none were, empty when the lower is above the upper.
    private struct Range<Bound: Comparable> {
        var bounds: ClosedRange<Bound>?
        var isEmpty = false
    }

    private func range<Bound: Comparable>(
        _ lower: Bound?,
        _ upper: Bound?,
        _ least: Bound,
        _ greatest: Bound
    ) -> Range<Bound> {
        guard lower != nil || upper != nil else { return Range() }
        let lower = lower ?? least
        let upper = upper ?? greatest
        return lower <= upper ? Range(bounds: lower...upper) : Range(isEmpty: true)
    }

    private mutating func range(_ lower: String, _ upper: String) -> Range<Int> {
        let lower = optionalInteger(lower)
        return range(lower, optionalInteger(upper), 0, .max)
    }

    private mutating func seeds() -> Range<UInt64> {
        if let given = optionalSeed("seed") { return given.map { Range(bounds: $0...$0) } ?? Range(isEmpty: true) }
        let lower = optionalSeed("min_seed").map { $0 ?? 0 }
        guard let upper = optionalSeed("max_seed") else { return range(lower, nil, 0, .max) }
        return upper.map { range(lower, $0, 0, .max) } ?? Range(isEmpty: true)
    }

    /// The moment of a local date, with or without a time of day; without, its first second, or at the end its last.
    private static func moment(_ text: String, isEnd: Bool, _ zone: LocalTime) throws(IIBError) -> Int {
        let isDay = text.utf8.count == 10
        let moments = zone.moments(isDay ? "\(text) \(isEnd ? "23:59:59" : "00:00:00")" : text)
        guard let moment = isEnd ? moments.last : moments.first else {
            throw IIBError(.badRequest, "A date is YYYY-MM-DD or YYYY-MM-DD HH:MM:SS")
        }
        return moment
    }
}
