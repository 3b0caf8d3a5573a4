import Domain
import HTTPTypes
import Hummingbird
import OrderedCollections

/// The members of a request's JSON object, whatever media type it names (contracts/gallery.md §1).
struct GalleryBody {
    private let members: OrderedDictionary<String, JSON>

    /// Reads the body, at most `limit` bytes; with `mayBeEmpty`, none stands for `{}`.
    ///
    /// Throws ``GalleryError`` with status 400 for what is no JSON object, ``RequestBodyFailure`` for what is too long.
    init(_ request: Request, limit: Int, mayBeEmpty: Bool = false) async throws {
        let bytes = try await request.bytes(limit: limit)
        if bytes.isEmpty, mayBeEmpty {
            members = [:]
            return
        }
        guard let value = try? JSONParser.parse(bytes), case .object(let members) = value else {
            throw GalleryError(.badRequest, "Invalid JSON body")
        }
        self.members = members
    }

    /// The member; `nil` when it is missing or `null`.
    subscript(name: String) -> JSON? { members[name].flatMap { $0.isNull ? nil : $0 } }

    /// Whether the member is there, also as `null`.
    func names(_ name: String) -> Bool { members[name] != nil }

    /// What `conflict_strategy` says; missing, `null` and the text `null` say nothing.
    ///
    /// Throws ``GalleryError`` for a word that is none of the strategies.
    func strategy() throws(GalleryError) -> ModelImport.Strategy? {
        guard let value = self["conflict_strategy"], value != "null" else { return nil }
        guard let strategy = value.string.flatMap(ModelImport.Strategy.init) else {
            throw GalleryError(.badRequest, "Invalid conflict_strategy")
        }
        return strategy
    }
}

extension JSON {
    /// The integer of a number without a fraction or of its decimal digits in a text, otherwise `nil`; the greatest or
    /// least one stands for what is beyond.
    var looseInteger: Int? {
        switch self {
        case .string(let text): LooseInteger.read(text)
        // A whole number beyond what integers hold.
        case .unsigned: .max
        case .double(let number) where number.magnitude >= 0x1p63: number < 0 ? .min : .max
        default: int
        }
    }
}

/// Integers as texts, read as the contract's server reads them: blanks around them and a sign are fine.
enum LooseInteger {
    /// The number; the greatest or least one stands for what is beyond; `nil` for anything else.
    static func read(_ text: String) -> Int? {
        var rest = text.utf8[...].drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        guard !rest.isEmpty, rest.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else { return nil }
        let digits = String(decoding: rest, as: UTF8.self)
        return isNegative ? Int("-" + digits) ?? .min : Int(digits) ?? .max
    }

    /// The text of a number that ``read(_:)`` reads, also of one that is beyond all integers, as one writes it.
    static func digits(_ text: String) -> String {
        guard let number = read(text) else { return text }
        guard number == .max || number == .min else { return "\(number)" }
        return String(decoding: text.utf8.filter { !isBlank($0) && $0 != UInt8(ascii: "+") }, as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || 9...13 ~= byte }
}
