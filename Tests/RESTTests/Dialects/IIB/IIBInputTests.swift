import Domain
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import REST

/// Requests that are wrong are told so in FastAPI's words; each case was compared with FastAPI 0.165 and pydantic 2.14.
@Suite struct IIBInputTests {
    private func request(_ body: String, type: String? = "application/json", path: String = "/x") -> Request {
        var headers: HTTPFields = [:]
        headers[.contentType] = type
        return Request(
            head: HTTPRequest(method: .post, scheme: "http", authority: "h", path: path, headerFields: headers),
            body: RequestBody(buffer: ByteBuffer(string: body))
        )
    }

    /// Reads one member of each kind and says what was wrong.
    private func detail(_ input: IIBInput) -> String {
        var input = input
        _ = input.string("s")
        _ = input.strings("l")
        _ = input.integer("i", default: 200)
        _ = input.boolean("b", default: false)
        _ = input.optionalString("o")
        _ = input.integers("il", default: [])
        _ = input.optionalNumber("f")
        do throws(IIBError) {
            try input.check()
            return "fine"
        } catch {
            #expect(error.status == .unprocessableContent)
            return error.detail.text
        }
    }

    private func detail(_ body: String, type: String? = "application/json") async throws -> String {
        do {
            return detail(try await IIBInput(body: request(body, type: type)))
        } catch let error as IIBError {
            return "\(error.status.code) \(error.detail.text)"
        }
    }

    private static let model = "Input should be a valid dictionary or object to extract fields from"
    private static let integerText = "Input should be a valid integer, unable to parse string as an integer"
    private static let booleanText = "Input should be a valid boolean, unable to interpret input"

    /// One fault as it stands in an answer; the place is JSON too.
    private static func fault(_ type: String, _ place: String, _ message: String, _ input: String) -> String {
        #"{"type":"\#(type)","loc":\#(place),"msg":"\#(message)","input":\#(input)}"#
    }

    private static func noObject(_ input: String) -> String {
        "422 [\(fault("model_attributes_type", #"["body"]"#, model, input))]"
    }

    private static func missing(_ place: String, _ input: String) -> String {
        fault("missing", place, "Field required", input)
    }

    private static let bodies: [(body: String, wanted: String)] = [
        ("", "422 [\(missing(#"["body"]"#, "null"))]"), ("null", noObject("null")), ("[]", noObject("[]")),
        (" null ", noObject("null")), ("NaN", noObject("null")), ("-Infinity", noObject("null")),
        ("1e999", noObject("null")),
        (#"{"s":"a","l":[],"x":[NaN,Infinity,-Infinity,1e999]}"#, "fine"),
        (
            #"{"s":NaN,"l":["a",-1e999],"i":1e999}"#,
            [
                "[" + fault("string_type", #"["body","s"]"#, "Input should be a valid string", "null"),
                fault("string_type", #"["body","l",1]"#, "Input should be a valid string", "null"),
                fault("finite_number", #"["body","i"]"#, "Input should be a finite number", "null") + "]",
            ].joined(separator: ",")
        ),
        (#""x""#, noObject(#""x""#)),
        (
            #"{"i":1}"#,
            "[\(missing(#"["body","s"]"#, #"{"i":1}"#)),\(missing(#"["body","l"]"#, #"{"i":1}"#))]"
        ),
        (
            #"{"l":5,"i":"x"}"#,
            [
                "[" + missing(#"["body","s"]"#, #"{"l":5,"i":"x"}"#),
                fault("list_type", #"["body","l"]"#, "Input should be a valid list", "5"),
                fault("int_parsing", #"["body","i"]"#, integerText, #""x""#) + "]",
            ].joined(separator: ",")
        ),
        (#"{"s":"a","l":[],"unknown":1}"#, "fine"), ("\u{FEFF}{\"s\":\"a\",\"l\":[]}", "fine"),
        (String(repeating: "[", count: 40), #"400 "There was an error parsing the body""#),
    ]

    @Test(arguments: bodies)
    func `a body that lacks something is told what`(body: String, wanted: String) async throws {
        #expect(try await detail(body) == wanted)
    }

    private static let values: [(name: String, value: String, type: String, message: String)] = [
        ("s", "1", "string_type", "Input should be a valid string"),
        ("s", "null", "string_type", "Input should be a valid string"),
        ("l", #""x""#, "list_type", "Input should be a valid list"),
        ("l", "null", "list_type", "Input should be a valid list"),
        ("l", "{}", "list_type", "Input should be a valid list"), ("i", #""x""#, "int_parsing", integerText),
        ("i", #""""#, "int_parsing", integerText), ("i", #""1e3""#, "int_parsing", integerText),
        ("i", #""1.5""#, "int_parsing", integerText),
        ("i", "1.5", "int_from_float", "Input should be a valid integer, got a number with a fractional part"),
        ("i", "null", "int_type", "Input should be a valid integer"),
        ("i", "[]", "int_type", "Input should be a valid integer"),
        ("i", "1e+30", "int_parsing_size", "Unable to parse input string as an integer, exceeded maximum size"),
        ("b", #""x""#, "bool_parsing", booleanText), ("b", #"" true""#, "bool_parsing", booleanText),
        ("b", "2", "bool_parsing", booleanText), ("b", "0.5", "bool_type", "Input should be a valid boolean"),
        ("b", "null", "bool_type", "Input should be a valid boolean"),
        ("o", "1", "string_type", "Input should be a valid string"),
        ("il", #""x""#, "list_type", "Input should be a valid list"),
        ("f", #""x""#, "float_parsing", "Input should be a valid number, unable to parse string as a number"),
        ("f", "[]", "float_type", "Input should be a valid number"),
        ("b", "1e+19", "bool_type", "Input should be a valid boolean"),
    ]

    @Test(arguments: ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
    func `a number that is none, or infinite, is no value of any member`(value: String) async throws {
        let kinds = [
            ("i", "finite_number", "Input should be a finite number"),
            ("f", "finite_number", "Input should be a finite number"),
            ("b", "bool_type", "Input should be a valid boolean"),
            ("o", "string_type", "Input should be a valid string"),
        ]
        for (name, type, message) in kinds {
            let text = try await detail(#"{"s":"a","l":[],"\#(name)":\#(value)}"#)
            #expect(text == "[\(Self.fault(type, #"["body","\#(name)"]"#, message, "null"))]")
        }
    }

    @Test(arguments: values)
    func `a member of the wrong kind is told so`(name: String, value: String, type: String, message: String)
        async throws
    {
        var members = ["s": #""a""#, "l": "[]"]
        members[name] = value
        let body = "{" + members.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
        #expect(try await detail(body) == "[\(Self.fault(type, #"["body","\#(name)"]"#, message, value))]")
    }

    @Test func `elements of lists are told by their number`() async throws {
        let texts = [
            Self.fault("string_type", #"["body","l",1]"#, "Input should be a valid string", "1"),
            Self.fault("string_type", #"["body","l",2]"#, "Input should be a valid string", "null"),
        ]
        #expect(try await detail(#"{"s":"a","l":["a",1,null]}"#) == "[\(texts.joined(separator: ","))]")
        let fraction = "Input should be a valid integer, got a number with a fractional part"
        let numbers = [
            Self.fault("int_type", #"["body","il",0]"#, "Input should be a valid integer", "null"),
            Self.fault("int_from_float", #"["body","il",1]"#, fraction, "1.5"),
        ]
        #expect(try await detail(#"{"s":"a","l":[],"il":[null,1.5]}"#) == "[\(numbers.joined(separator: ","))]")
    }

    @Test func `values that stand for others are taken`() async throws {
        let integers: [(String, Int)] = [
            ("12", 12), (#""12""#, 12), (#"" 12 ""#, 12), (#""1.0""#, 1), (#""+5""#, 5), (#""-5""#, -5),
            (#""1_000""#, 1_000),
            ("1.0", 1), ("true", 1), (#""99999999999999999999""#, .max), (#""-99999999999999999999""#, .min),
        ]
        for (text, wanted) in integers {
            var input = try await IIBInput(body: request(#"{"i":\#(text)}"#))
            let read = input.integer("i")
            #expect(read == wanted)
            try input.check()
        }
        let booleans: [(String, Bool)] = [
            ("true", true), ("1", true), ("0", false), ("1.0", true), (#""yes""#, true), (#""ON""#, true),
            (#""T""#, true), (#""FALSE""#, false), (#""n""#, false), (#""0""#, false),
        ]
        for (text, wanted) in booleans {
            var input = try await IIBInput(body: request(#"{"b":\#(text)}"#))
            let read = input.boolean("b")
            #expect(read == wanted)
            try input.check()
        }
        for (text, wanted) in [("1", 1.0), (#""1.5""#, 1.5), (#"" 2 ""#, 2), ("true", 1), ("0.25", 0.25)] {
            var input = try await IIBInput(body: request(#"{"f":\#(text)}"#))
            let read = input.optionalNumber("f")
            #expect(read == wanted)
            try input.check()
        }
    }

    @Test func `members that are left out have their defaults, and null is none where it may be`() async throws {
        var input = try await IIBInput(body: request(#"{"o":null,"l":null,"n":null}"#))
        let text = input.string("s", default: "d")
        #expect(text == "d")
        let none = (input.optionalString("o"), input.optionalStrings("l"), input.optionalInteger("n"))
        #expect(none.0 == nil && none.1 == nil && none.2 == nil)
        let isTrue = input.boolean("b", default: true)
        #expect(isTrue)
        #expect(!input.has("o") && !input.has("x"))
        try input.check()
    }

    @Test(
        arguments: ["application/json; charset=utf-8", "APPLICATION/JSON", "application/vnd.a+json", nil] as [String?]
    )
    func `JSON is known by its media type, or taken for it without one`(type: String?) async throws {
        #expect(try await detail(#"{"s":"a","l":[]}"#, type: type) == "fine")
    }

    @Test(arguments: ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "junk", ""])
    func `another media type makes a body a text, which is no object`(type: String) async throws {
        #expect(try await detail("{}", type: type) == Self.noObject(#""{}""#))
    }

    @Test func `a body that is too long is refused`() async throws {
        await #expect(throws: RequestBodyFailure.tooLarge) {
            _ = try await IIBInput(body: request(#"{"s":"aaaaaaaaaa"}"#), limit: 8)
        }
    }

    private static let queries: [(path: String, wanted: String)] = [
        ("/q", "[\(missing(#"["query","path"]"#, "null")),\(missing(#"["query","t"]"#, "null"))]"),
        ("/q?path", "[\(missing(#"["query","t"]"#, "null"))]"),
        ("/q?path=a&t=1&n=x", "[\(fault("int_parsing", #"["query","n"]"#, integerText, #""x""#))]"),
        ("/q?path=a&t=1&b=maybe", "[\(fault("bool_parsing", #"["query","b"]"#, booleanText, #""maybe""#))]"),
    ]

    @Test(arguments: queries)
    func `what a query lacks is told`(path: String, wanted: String) throws {
        var input = IIBInput(query: request("", path: path))
        _ = input.string("path")
        _ = input.string("t")
        _ = input.integer("n", default: 1)
        _ = input.boolean("b", default: false)
        let error = #expect(throws: IIBError.self) { try input.check() }
        #expect(error?.detail.text == wanted)
    }

    @Test(
        arguments: [
            ("path=&t=1", "", "1"), ("path=a&path=b&t=x+y%20z", "b", "x y z"), ("path=%C3%A9&t=%zz", "é", "%zz"),
            ("&&path=a=b&t=1&", "a=b", "1"),
        ]
    )
    func `a query is read as forms are`(query: String, path: String, t: String) throws {
        var input = IIBInput(query: request("", path: "/q?\(query)"))
        let (first, second) = (input.string("path"), input.string("t"))
        #expect(first == path)
        #expect(second == t)
        try input.check()
    }
}
