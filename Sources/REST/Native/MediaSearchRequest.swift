import Domain
import Hummingbird

/// What the query of a request to `/api/library/search` asks for; names of tags are still to be looked up.
struct MediaSearchRequest {
    /// How many files an answer has at most, and how many when nothing is said.
    static let limits = 1...1000
    static let usualLimit = 100

    private(set) var query = MediaQuery()
    private(set) var tags: [String] = []
    private(set) var anyTags: [String] = []
    private(set) var noTags: [String] = []
    private(set) var withTexts = false
    private let parameters: QueryMembers

    /// Reads the members of a request's query; unknown ones are ignored.
    ///
    /// Throws ``APIError`` `bad_message` with the member that makes no sense.
    init(_ request: Request) throws {
        parameters = QueryMembers(request)
        query.text = text("text") ?? ""
        query.pattern = text("regexp").flatMap { $0.isEmpty ? nil : $0 }
        query.isPathOnly = try flag("path_only")
        query.without = texts("without")
        query.folders = try folders()
        query.kinds = try kinds()
        (tags, anyTags, noTags) = (texts("tag"), texts("any_tag"), texts("no_tag"))
        query.allTags = try numbers("tag_id")
        query.anyTags = try numbers("any_tag_id")
        query.noTags = try numbers("no_tag_id")
        query.needsTag = try flag("tagged")
        query.sizes = try range("size")
        query.dates = try range("date")
        query.widths = try range("width")
        query.heights = try range("height")
        try readSeed()
        query.model = text("model")
        query.ratings = try ratings()
        withTexts = try flag("texts")
        query.limit = try number("limit") ?? Self.usualLimit
        guard Self.limits.contains(query.limit) else {
            throw Self.refusal(
                "limit",
                "must be an integer from \(Self.limits.lowerBound) to \(Self.limits.upperBound)"
            )
        }
        try readOrder()
    }

    private mutating func readOrder() throws {
        let cursor = try text("cursor").flatMap { $0.isEmpty ? nil : $0 }.map { text in
            guard let cursor = MediaSearchCursor(text) else { throw Self.refusal("cursor", "is none of this server's") }
            return cursor
        }
        switch text("sort") ?? "newest" {
        case "newest": query.order = .newest
        case "random":
            if case .random(let seed)? = cursor?.order {
                query.order = .random(seed: seed)
            } else {
                query.order = .random(seed: .random(in: 0 ... .max))
            }
        default: throw Self.refusal("sort", "must be newest or random")
        }
        if let cursor {
            guard cursor.order == query.order else { throw Self.refusal("cursor", "belongs to another order") }
            query.after = cursor.place
        }
    }

    private mutating func readSeed() throws {
        guard let text = text("seed") else { return }
        if let seed = UInt64(text) {
            query.seeds = seed...seed
        } else if try number("seed") != nil {
            // No file was made with one below 0.
            query.folders = []
        }
    }

    private func text(_ name: String) -> String? { parameters[name] }

    private func texts(_ name: String) -> [String] {
        parameters[all: name].filter { !$0.isEmpty }
    }

    private func flag(_ name: String) throws -> Bool {
        switch text(name) {
        case nil, "false", "0": return false
        case "", "true", "1": return true
        default: throw Self.refusal(name, "must be true or false")
        }
    }

    private func number(_ name: String) throws -> Int? {
        guard let text = text(name) else { return nil }
        guard let number = Int(text) else { throw Self.refusal(name, "must be an integer") }
        return number
    }

    private func numbers(_ name: String) throws -> [Int] {
        try texts(name).map { text in
            guard let number = Int(text) else { throw Self.refusal(name, "must be an integer") }
            return number
        }
    }

    /// `min_NAME` to `max_NAME`, both included; `nil` without either.
    private func range(_ name: String) throws -> ClosedRange<Int>? {
        let (low, high) = try (number("min_" + name), number("max_" + name))
        guard low != nil || high != nil else { return nil }
        guard low ?? .min <= high ?? .max else {
            throw Self.refusal("max_" + name, "must not be less than min_" + name)
        }
        return (low ?? .min)...(high ?? .max)
    }

    private func ratings() throws -> ClosedRange<Double>? {
        func rating(_ name: String, _ usual: Double) throws -> Double {
            guard let text = text(name) else { return usual }
            guard let number = Double(text), number.isFinite else { throw Self.refusal(name, "must be a number") }
            return number
        }
        guard text("min_rating") != nil || text("max_rating") != nil else { return nil }
        let (low, high) = (try rating("min_rating", -.infinity), try rating("max_rating", .infinity))
        guard low <= high else { throw Self.refusal("max_rating", "must not be less than min_rating") }
        return low...high
    }

    private func folders() throws -> [String]? {
        let folders = texts("folder")
        guard folders.allSatisfy({ $0.utf8.first == UInt8(ascii: "/") }) else {
            throw Self.refusal("folder", "must be an absolute path")
        }
        return folders.isEmpty ? nil : folders
    }

    private func kinds() throws -> Set<MediaKind>? {
        let kinds = try texts("kind").map { text in
            guard let kind = MediaKind.allCases.first(where: { $0.name == text }) else {
                throw Self.refusal("kind", "must be image, video or audio")
            }
            return kind
        }
        return kinds.isEmpty ? nil : Set(kinds)
    }

    private static func refusal(_ name: String, _ rule: String) -> APIError {
        APIError(.badMessage, "\(name) \(rule)", field: name)
    }
}

/// The place where a page of the native search ends, as a text that clients hand back unread.
struct MediaSearchCursor: Hashable {
    let order: MediaQuery.Order
    let place: MediaCursor

    init(_ place: MediaCursor, _ order: MediaQuery.Order) {
        self.order = order
        self.place = place
    }

    /// Understands what ``text`` says; `nil` for anything else.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        switch (parts.first, parts.count) {
        case ("n", 3):
            guard let date = Int(parts[1]), let id = Int(parts[2]) else { return nil }
            self.init(.before(date: date, id: id), .newest)
        case ("r", 4):
            guard let seed = UInt64(parts[1], radix: 16), let key = UInt64(parts[2], radix: 16), let id = Int(parts[3])
            else { return nil }
            self.init(.shuffled(key: key, id: id), .random(seed: seed))
        default: return nil
        }
    }

    var text: String {
        switch (place, order) {
        case (.before(let date, let id), _): "n.\(date).\(id ?? 0)"
        case (.shuffled(let key, let id), .random(let seed)):
            "r.\(String(seed, radix: 16)).\(String(key, radix: 16)).\(id)"
        case (.shuffled(let key, let id), .newest): "r.0.\(String(key, radix: 16)).\(id)"
        }
    }
}
