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

    @Test(
        arguments: [
            ("", #"422 [{"type":"missing","loc":["body"],"msg":"Field required","input":null}]"#),
            ("null", #"422 [{"type":"model_attributes_type","loc":["body"],"msg":"\#(model)","input":null}]"#),
            ("[]", #"422 [{"type":"model_attributes_type","loc":["body"],"msg":"\#(model)","input":[]}]"#),
            (#""x""#, #"422 [{"type":"model_attributes_type","loc":["body"],"msg":"\#(model)","input":"x"}]"#),
            (
                #"{"i":1}"#,
                #"[{"type":"missing","loc":["body","s"],"msg":"Field required","input":{"i":1}},"#
                    + #"{"type":"missing","loc":["body","l"],"msg":"Field required","input":{"i":1}}]"#
            ),
            (
                #"{"l":5,"i":"x"}"#,
                #"[{"type":"missing","loc":["body","s"],"msg":"Field required","input":{"l":5,"i":"x"}},"#
                    + #"{"type":"list_type","loc":["body","l"],"msg":"Input should be a valid list","input":5},"#
                    + #"{"type":"int_parsing","loc":["body","i"],"msg":"Input should be a valid integer, "#
                    + #"unable to parse string as an integer","input":"x"}]"#
            ),
            (#"{"s":"a","l":[],"unknown":1}"#, "fine"),
            ("\u{FEFF}{\"s\":\"a\",\"l\":[]}", "fine"),
            (String(repeating: "[", count: 40), #"400 "There was an error parsing the body""#),
        ]
    )
    func `a body that lacks something is told what`(body: String, wanted: String) async throws {
        #expect(try await detail(body) == wanted)
    }

    @Test(
        arguments: [
            ("s", "1", "string_type", "Input should be a valid string"),
            ("s", "null", "string_type", "Input should be a valid string"),
            ("l", #""x""#, "list_type", "Input should be a valid list"),
            ("l", "null", "list_type", "Input should be a valid list"),
            ("l", "{}", "list_type", "Input should be a valid list"),
            ("i", #""x""#, "int_parsing", "Input should be a valid integer, unable to parse string as an integer"),
            ("i", #""""#, "int_parsing", "Input should be a valid integer, unable to parse string as an integer"),
            ("i", #""1e3""#, "int_parsing", "Input should be a valid integer, unable to parse string as an integer"),
            ("i", #""1.5""#, "int_parsing", "Input should be a valid integer, unable to parse string as an integer"),
            ("i", "1.5", "int_from_float", "Input should be a valid integer, got a number with a fractional part"),
            ("i", "null", "int_type", "Input should be a valid integer"),
            ("i", "[]", "int_type", "Input should be a valid integer"),
            (
                "i", "1e+30", "int_parsing_size",
                "Unable to parse input string as an integer, exceeded maximum size"
            ),
            ("b", #""x""#, "bool_parsing", "Input should be a valid boolean, unable to interpret input"),
            ("b", #"" true""#, "bool_parsing", "Input should be a valid boolean, unable to interpret input"),
            ("b", "2", "bool_parsing", "Input should be a valid boolean, unable to interpret input"),
            ("b", "0.5", "bool_type", "Input should be a valid boolean"),
            ("b", "null", "bool_type", "Input should be a valid boolean"),
            ("o", "1", "string_type", "Input should be a valid string"),
            ("il", #""x""#, "list_type", "Input should be a valid list"),
            ("f", #""x""#, "float_parsing", "Input should be a valid number, unable to parse string as a number"),
            ("f", "[]", "float_type", "Input should be a valid number"),
        ]
    )
    func `a member of the wrong kind is told so`(name: String, value: String, type: String, message: String) async throws {
        var members = ["s": #""a""#, "l": "[]"]
        members[name] = value
        let body = "{" + members.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
        let wanted = #"[{"type":"\#(type)","loc":["body","\#(name)"],"msg":"\#(message)","input":\#(value)}]"#
        // Numbers are echoed as the writer of JSON writes them.
        #expect(try await detail(body) == wanted.replacing("1e+30", with: "1e+30"))
    }

    @Test func `elements of lists are told by their number`() async throws {
        #expect(
            try await detail(#"{"s":"a","l":["a",1,null]}"#)
                == #"[{"type":"string_type","loc":["body","l",1],"msg":"Input should be a valid string","input":1},"#
                + #"{"type":"string_type","loc":["body","l",2],"msg":"Input should be a valid string","input":null}]"#
        )
        #expect(
            try await detail(#"{"s":"a","l":[],"il":[null,1.5]}"#)
                == #"[{"type":"int_type","loc":["body","il",0],"msg":"Input should be a valid integer","input":null},"#
                + #"{"type":"int_from_float","loc":["body","il",1],"msg":"Input should be a valid integer, "#
                + #"got a number with a fractional part","input":1.5}]"#
        )
    }

    @Test func `values that stand for others are taken`() async throws {
        let integers: [(String, Int)] = [
            ("12", 12), (#""12""#, 12), (#"" 12 ""#, 12), (#""1.0""#, 1), (#""+5""#, 5), (#""-5""#, -5), (#""1_000""#, 1_000),
            ("1.0", 1), ("true", 1), (#""99999999999999999999""#, .max), (#""-99999999999999999999""#, .min),
        ]
        for (text, wanted) in integers {
            var input = try await IIBInput(body: request(#"{"i":\#(text)}"#))
            #expect(input.integer("i") == wanted)
            try input.check()
        }
        let booleans: [(String, Bool)] = [
            ("true", true), ("1", true), ("0", false), ("1.0", true), (#""yes""#, true), (#""ON""#, true),
            (#""T""#, true), (#""FALSE""#, false), (#""n""#, false), (#""0""#, false),
        ]
        for (text, wanted) in booleans {
            var input = try await IIBInput(body: request(#"{"b":\#(text)}"#))
            #expect(input.boolean("b") == wanted)
            try input.check()
        }
        for (text, wanted) in [("1", 1.0), (#""1.5""#, 1.5), (#"" 2 ""#, 2), ("true", 1), ("0.25", 0.25)] {
            var input = try await IIBInput(body: request(#"{"f":\#(text)}"#))
            #expect(input.optionalNumber("f") == wanted)
            try input.check()
        }
    }

    @Test func `members that are left out have their defaults, and null is none where it may be`() async throws {
        var input = try await IIBInput(body: request(#"{"o":null,"l":null,"n":null}"#))
        #expect(input.string("s", default: "d") == "d")
        #expect(input.optionalString("o") == nil)
        #expect(input.optionalStrings("l") == nil)
        #expect(input.optionalInteger("n") == nil)
        #expect(input.boolean("b", default: true))
        #expect(!input.has("o") && !input.has("x"))
        try input.check()
    }

    @Test(arguments: ["application/json; charset=utf-8", "APPLICATION/JSON", "application/vnd.a+json", nil] as [String?])
    func `JSON is known by its media type, or taken for it without one`(type: String?) async throws {
        #expect(try await detail(#"{"s":"a","l":[]}"#, type: type) == "fine")
    }

    @Test(arguments: ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "junk", ""])
    func `another media type makes a body a text, which is no object`(type: String) async throws {
        #expect(
            try await detail("{}", type: type)
                == #"422 [{"type":"model_attributes_type","loc":["body"],"msg":"\#(Self.model)","input":"{}"}]"#
        )
    }

    @Test func `a body that is too long is refused`() async throws {
        await #expect(throws: RequestBodyFailure.tooLarge) {
            _ = try await IIBInput(body: request(#"{"s":"aaaaaaaaaa"}"#), limit: 8)
        }
    }

    @Test(
        arguments: [
            ("/q", #"[{"type":"missing","loc":["query","path"],"msg":"Field required","input":null},"#
                + #"{"type":"missing","loc":["query","t"],"msg":"Field required","input":null}]"#),
            ("/q?path", #"[{"type":"missing","loc":["query","t"],"msg":"Field required","input":null}]"#),
            ("/q?path=a&t=1&n=x", #"[{"type":"int_parsing","loc":["query","n"],"msg":"Input should be a valid integer, "#
                + #"unable to parse string as an integer","input":"x"}]"#),
            ("/q?path=a&t=1&b=maybe", #"[{"type":"bool_parsing","loc":["query","b"],"msg":"Input should be a valid "#
                + #"boolean, unable to interpret input","input":"maybe"}]"#),
        ]
    )
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
        #expect(input.string("path") == path)
        #expect(input.string("t") == t)
        try input.check()
    }
}
