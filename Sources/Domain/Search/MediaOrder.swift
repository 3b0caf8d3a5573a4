/// The order of a query and where a page of it begins.
struct MediaOrder: Sendable {
    private let seed: UInt64?
    /// The place after which the page begins; `nil` for the first page.
    private let after: MediaKey?

    init(_ query: MediaQuery) {
        switch query.order {
        case .newest:
            seed = nil
            switch query.after {
            case .before(let date, let id): after = MediaKey(date: date, id: id ?? .min)
            case .shuffled, nil: after = nil
            }
        case .random(let seed):
            self.seed = seed
            switch query.after {
            case .shuffled(let key, let id): after = MediaKey(date: Self.place(key), id: id)
            case .before, nil: after = nil
            }
        }
    }

    /// Whether files come by date.
    var isByDate: Bool { seed == nil }

    /// The greatest key by date that a page may hold.
    var first: MediaKey { isByDate ? after?.below ?? .newest : .newest }

    /// The place of a file in this order, greatest first; `nil` when an earlier page had it.
    func rank(_ key: MediaKey) -> MediaKey? {
        let rank = seed.map { MediaKey(date: Self.place(Self.mixed(key.id, $0)), id: key.id) } ?? key
        guard let after, rank >= after else { return rank }
        return nil
    }

    /// Where the page after one that ends with this rank begins.
    func cursor(_ rank: MediaKey) -> MediaCursor {
        isByDate
            ? .before(date: rank.date, id: rank.id)
            : .shuffled(key: UInt64(bitPattern: Int64(rank.date)), id: rank.id)
    }

    private static func place(_ key: UInt64) -> Int { Int(Int64(bitPattern: key)) }

    /// A number that depends on every bit of both (the finaliser of SplitMix64, twice).
    private static func mixed(_ id: Int, _ seed: UInt64) -> UInt64 {
        func finish(_ number: UInt64) -> UInt64 {
            var number = number &+ 0x9E37_79B9_7F4A_7C15
            number = (number ^ number >> 30) &* 0xBF58_476D_1CE4_E5B9
            number = (number ^ number >> 27) &* 0x94D0_49BB_1331_11EB
            return number ^ number >> 31
        }
        return finish(finish(seed) ^ UInt64(bitPattern: Int64(id)))
    }
}
