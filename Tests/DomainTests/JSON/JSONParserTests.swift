import Domain
import OrderedCollections
import Testing

struct JSONParserTests {
    @Test(
        "Texts that RFC 8259 allows are read",
        arguments: [
            ("null", .null), (" true ", .bool(true)), ("false", .bool(false)), ("0", .int(0)), ("-0", .int(0)),
            ("-12", .int(-12)), ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
            ("9223372036854775808", .unsigned(9_223_372_036_854_775_808)),
            ("18446744073709551615", .unsigned(.max)), ("18446744073709551616", .double(0x1p64)),
            ("-9223372036854775809", .double(-0x1p63)), ("1.5", .double(1.5)), ("1e2", .double(100)),
            ("1E+2", .double(100)), ("1.25e-2", .double(0.0125)), ("1e-999", .double(0)), ("\"\"", .string("")),
            ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", .string("\"\\/\u{8}\u{C}\n\r\t")), ("\"\\u00e9\\u00E9\"", .string("éé")),
            ("\"\\ud83d\\ude00\"", .string("😀")), ("\"é😀\"", .string("é😀")), ("\"\\u0000\"", .string("\0")),
            ("\"\u{7F}\"", .string("\u{7F}")), ("[]", .array([])), ("[ 1 , 2 ]", [1, 2]), ("{}", .object([:])),
            ("\t{\r\n\"a\" : [ ] }\n", ["a": []]), ("{\"a\":1,\"a\":2}", ["a": 2]),
        ] as [(String, JSON)]
    )
    func good(text: String, value: JSON) throws {
        #expect(try JSONParser.parse(text) == value)
        try JSONParser.check(Array(text.utf8))
    }

    @Test(
        "Texts that RFC 8259 does not allow are refused",
        arguments: [
            "", " ", "nul", "nulll", "True", "01", "-01", "-", "+1", "1.", ".5", "1e", "1e+", "0x1", "1e999", "NaN",
            "Infinity", "\"", "\"a", "\"\n\"", "\"\t\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\u 123\"",
            "\"\\ud83d\\u12\"", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{", "}", "{\"a\"}", "{\"a\":}",
            "{\"a\":1,}", "{a:1}", "{'a':1}", "{1:1}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "[1]]", "1 2", "// x\n1",
            "/**/1", "\u{FEFF}1", "[1}", "{\"a\":1]", "\u{A0}1",
        ]
    )
    func bad(text: String) {
        #expect(throws: JSONError.self) { try JSONParser.parse(text) }
        #expect(throws: JSONError.self) { try JSONParser.check(Array(text.utf8)) }
    }

    @Test(
        "Invalid UTF-8 inside a string is refused",
        arguments: [[0x80], [0xC0, 0x80], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF]] as [[UInt8]]
    )
    func badText(bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try JSONParser.parse([0x22] + bytes + [0x22]) }
        #expect(throws: JSONError.self) { try JSONParser.parse([0x22, 0x5C, 0x6E] + bytes + [0x22]) }
    }

    @Test(
        "An escaped surrogate without its partner becomes U+FFFD, what stands behind it stays",
        arguments: [
            ("\\ud800", "\u{FFFD}"), ("\\udc00", "\u{FFFD}"), ("\\ud800x", "\u{FFFD}x"),
            ("\\ud800\\u0041", "\u{FFFD}A"),
            ("\\ud800\\n", "\u{FFFD}\n"), ("\\ud800\\ud83d\\ude00", "\u{FFFD}😀"),
            ("\\ude00\\ud83d", "\u{FFFD}\u{FFFD}"),
        ]
    )
    func surrogates(text: String, value: String) throws {
        #expect(try JSONParser.parse("\"\(text)\"") == .string(value))
    }

    @Test("Nesting is allowed up to the depth, one more is refused, wide is not deep")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[{\"a\":", count: depth / 2) + "1" + String(repeating: "}]", count: depth / 2)
        }
        _ = try JSONParser.parse(nested(32))
        #expect(throws: JSONError.tooDeep) { try JSONParser.parse(nested(34)) }
        #expect(throws: JSONError.tooDeep) { try JSONParser.parse("[[1]]", depth: 1) }
        _ = try JSONParser.parse("[[1],[2],[{}]]", depth: 3)
        #expect(throws: JSONError.tooDeep) { try JSONParser.parse(String(repeating: "[", count: 1_000_000)) }
    }

    @Test("An error says at which byte it showed")
    func offset() {
        #expect(throws: JSONError.syntax(offset: 4)) { try JSONParser.parse("[1, x]") }
        #expect(throws: JSONError.syntax(offset: 2)) { try JSONParser.parse("1 2") }
    }

    @Test("Members keep their order")
    func order() throws {
        let value = try JSONParser.parse("{\"z\":1,\"a\":2,\"m\":3}")
        #expect(value.object.map { Array($0.keys) } == ["z", "a", "m"])
        #expect(value.text == "{\"z\":1,\"a\":2,\"m\":3}")
    }

    @Test("No cut of a text crashes or passes for the whole")
    func cuts() throws {
        let text = Array("{\"a\":[1,-2.5e3,\"x\\u00e9\\ud83d\\ude00é\",true,null],\"b\":{}}".utf8)
        _ = try JSONParser.parse(text)
        for end in 0..<text.count {
            #expect(throws: JSONError.self) { try JSONParser.parse(Array(text[..<end])) }
        }
    }

    @Test("What is written is read back the same", arguments: 0..<20)
    func roundTrip(run: Int) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("JSON round trip, run \(run): seed \(seed)")
        var random = TaskRandom(seed: seed)
        for _ in 0..<50 {
            let value = Self.value(4, &random)
            #expect(try JSONParser.parse(value.encoded) == value, "seed \(seed)")
        }
    }

    private static func value(_ depth: Int, _ random: inout TaskRandom) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
        case 0: return .null
        case 1: return .bool(random.once(in: 2))
        case 2: return .int(Int64(bitPattern: random.next()) >> Int64.random(in: 0..<64, using: &random))
        case 3:
            let double = Double(bitPattern: random.next())
            return .double(double.isFinite ? double : 0.5)
        case 4, 5: return .string(text(&random))
        case 6: return .array((0..<Int.random(in: 0..<5, using: &random)).map { _ in value(depth - 1, &random) })
        default:
            var members: OrderedDictionary<String, JSON> = [:]
            for _ in 0..<Int.random(in: 0..<5, using: &random) { members[text(&random)] = value(depth - 1, &random) }
            return .object(members)
        }
    }

    private static func text(_ random: inout TaskRandom) -> String {
        let alphabet: [Unicode.Scalar] = [
            "\0", "\u{1F}", "\"", "\\", "/", "a", "\u{7F}", "é", "\u{2028}", "😀", "\u{FFFD}",
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0..<9, using: &random) {
            text.append(alphabet[Int.random(in: 0..<alphabet.count, using: &random)])
        }
        return String(text)
    }
}
