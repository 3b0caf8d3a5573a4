import Domain
import HTTPTypes
import Hummingbird
import OrderedCollections

/// The members of a request's body or query, read one by one; what is wrong is gathered and told at once.
///
///     var input = try await IIBInput(body: request)
///     let paths = input.strings("paths")
///     let size = input.integer("size", default: 200)
///     try input.check()
///
/// What is read before ``check()`` has thrown stands for nothing when it was wrong. Members that nobody reads are
/// ignored, as there.
struct IIBInput {
    /// The greatest body of JSON, in bytes: lists of paths are long.
    static let bodyLimit = 16 << 20

    private let origin: JSON
    private let members: OrderedDictionary<String, JSON>
    private let isQuery: Bool
    private var faults: [IIBFault] = []

    /// The members of the query; of a repeated one the last counts.
    init(query request: Request) {
        origin = "query"
        isQuery = true
        members = Self.members(query: request.uri.query ?? "")
    }

    /// The members of a JSON object in the body, taken for one by its media type, or when it names none.
    ///
    /// Throws ``IIBError`` with status 422 when it is none, 413 when it is too long, 400 when it is not UTF-8 or
    /// nested too deep.
    init(body request: Request, limit: Int = bodyLimit) async throws {
        origin = "body"
        isQuery = false
        members = try Self.members(body: await request.bytes(limit: limit), type: request.mediaType)
    }

    /// Throws ``IIBError`` with status 422 when anything was wrong.
    func check() throws(IIBError) {
        guard faults.isEmpty else { throw IIBError(faults) }
    }

    // MARK: - Members

    /// Whether the member is there, and not `null`.
    func has(_ name: String) -> Bool { members[name].map { $0 != .null } ?? false }

    /// A required text.
    mutating func string(_ name: String) -> String { required(name, "", IIBValue.string) }
    /// A text that may be left out.
    mutating func string(_ name: String, default text: String) -> String { optional(name, text, IIBValue.string) }
    /// A text that may be left out or be `null`.
    mutating func optionalString(_ name: String) -> String? { nullable(name, IIBValue.string) }

    /// A required integer.
    mutating func integer(_ name: String) -> Int { required(name, 0, IIBValue.integer) }
    /// An integer that may be left out.
    mutating func integer(_ name: String, default number: Int) -> Int { optional(name, number, IIBValue.integer) }
    /// An integer that may be left out or be `null`.
    mutating func optionalInteger(_ name: String) -> Int? { nullable(name, IIBValue.integer) }

    /// A seed that may be left out or be `null`; a seed below 0 is given, but has no value.
    mutating func optionalSeed(_ name: String) -> UInt64?? { nullable(name, IIBValue.seed) }

    /// A number that may be left out or be `null`.
    mutating func optionalNumber(_ name: String) -> Double? { nullable(name, IIBValue.number) }

    /// A required boolean.
    mutating func boolean(_ name: String) -> Bool { required(name, false, IIBValue.boolean) }
    /// A boolean that may be left out.
    mutating func boolean(_ name: String, default value: Bool) -> Bool { optional(name, value, IIBValue.boolean) }

    /// A required list of texts.
    mutating func strings(_ name: String) -> [String] { required(name, [], Self.strings) }
    /// A list of texts that may be left out.
    mutating func strings(_ name: String, default list: [String]) -> [String] { optional(name, list, Self.strings) }
    /// A list of texts that may be left out or be `null`.
    mutating func optionalStrings(_ name: String) -> [String]? { nullable(name, Self.strings) }
    /// A list of integers that may be left out.
    mutating func integers(_ name: String, default list: [Int]) -> [Int] { optional(name, list, Self.integers) }

    private static func strings(_ value: JSON, _ place: [JSON]) -> Result<[String], IIBFaults> {
        IIBValue.list(value, place, IIBValue.string)
    }

    private static func integers(_ value: JSON, _ place: [JSON]) -> Result<[Int], IIBFaults> {
        IIBValue.list(value, place, IIBValue.integer)
    }

    private typealias Reading<Value> = (JSON, [JSON]) -> Result<Value, IIBFaults>

    private mutating func required<Value>(_ name: String, _ none: Value, _ read: Reading<Value>) -> Value {
        guard let value = members[name] else {
            faults.append(.missing([origin, .string(name)], in: isQuery ? .null : .object(members)))
            return none
        }
        return self.read(name, value, none, read)
    }

    private mutating func optional<Value>(_ name: String, _ none: Value, _ read: Reading<Value>) -> Value {
        members[name].map { self.read(name, $0, none, read) } ?? none
    }

    private mutating func nullable<Value>(_ name: String, _ read: Reading<Value>) -> Value? {
        guard let value = members[name], value != .null else { return nil }
        return self.read(name, value, nil) { read($0, $1).map(Optional.some) }
    }

    private mutating func read<Value>(_ name: String, _ value: JSON, _ none: Value, _ read: Reading<Value>) -> Value {
        switch read(value, [origin, .string(name)]) {
        case .success(let value): return value
        case .failure(let found):
            faults += found.all
            return none
        }
    }

    // MARK: - Reading requests

    private static func members(query: String) -> OrderedDictionary<String, JSON> {
        var members: OrderedDictionary<String, JSON> = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            // An escape that is none is what it says.
            let texts = parts.map { PercentEncoding.decode($0, isForm: true) ?? String($0) }
            members[texts.first ?? ""] = .string(texts.count > 1 ? texts[1] : "")
        }
        return members
    }

    private static func members(
        body bytes: [UInt8],
        type: String?
    ) throws(IIBError) -> OrderedDictionary<String, JSON> {
        guard !bytes.isEmpty else { throw IIBError([.missing(["body"], in: .null)]) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw IIBError(.badRequest, "There was an error parsing the body")
        }
        guard type.map(isJSON) ?? true else { throw IIBError([.notObject(.string(text))]) }
        let value: JSON
        do throws(JSONError) {
            value = try JSONParser.parse(likePython: text.first == "\u{FEFF}" ? String(text.dropFirst()) : text)
        } catch {
            guard case .syntax = error else { throw IIBError(.badRequest, "There was an error parsing the body") }
            let fault = IIBJSONFault(text)
            throw IIBError([.notJSON(at: fault.position, fault.reason)])
        }
        guard case .object(let members) = value else { throw IIBError([.notObject(value)]) }
        return members
    }

    private static func isJSON(_ type: String) -> Bool {
        type == "application/json" || (type.hasPrefix("application/") && type.hasSuffix("+json"))
    }
}
