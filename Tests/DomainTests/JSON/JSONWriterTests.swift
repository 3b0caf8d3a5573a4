import Domain
import Testing

struct JSONWriterTests {
    private func written(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        body(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test("Objects and arrays get their commas")
    func commas() {
        let text = written {
            $0.object {
                $0.field("a", 1)
                $0.field("none", String?.none)
                $0.field(
                    "b",
                    array: {
                        $0.value(1)
                        $0.array { _ in }
                        $0.object { _ in }
                        $0.null()
                    }
                )
                $0.field("c", object: { $0.field("d", true) })
                $0.members(encoded: Array("\"e\":2".utf8))
                $0.members(encoded: [UInt8]())
                $0.field("f", ["x", "y"])
            }
        }
        #expect(text == #"{"a":1,"b":[1,[],{},null],"c":{"d":true},"e":2,"f":["x","y"]}"#)
    }

    @Test(
        "Texts are escaped where RFC 8259 §7 asks for it, and nowhere else",
        arguments: [
            ("", #""""#), ("a/b", #""a/b""#), ("\"\\", #""\"\\""#), ("\u{8}\t\n\u{C}\r", #""\b\t\n\f\r""#),
            ("\0\u{1F}", #""\u0000\u001f""#), ("é😀\u{7F}\u{2028}", "\"é😀\u{7F}\u{2028}\""),
        ]
    )
    func escapes(text: String, json: String) {
        #expect(written { $0.value(text) } == json)
    }

    @Test("Integers of every width are written whole")
    func integers() {
        #expect(written { $0.value(0) } == "0")
        #expect(written { $0.value(Int64.min) } == "-9223372036854775808")
        #expect(written { $0.value(UInt64.max) } == "18446744073709551615")
        #expect(written { $0.value(Int8.min) } == "-128")
    }

    @Test(
        "Doubles read back as doubles; what is not finite is null",
        arguments: [
            (1, "1.0"), (-0.0, "-0.0"), (0.1, "0.1"), (1e15, "1000000000000000.0"), (1e16, "1e+16"), (-2.5, "-2.5"),
            (.nan, "null"),
            (.infinity, "null"), (-.infinity, "null"), (.leastNonzeroMagnitude, "5e-324"),
        ] as [(Double, String)]
    )
    func doubles(value: Double, text: String) {
        #expect(written { $0.value(value) } == text)
    }

    @Test("A missing member, null and a member of no object are all nothing")
    func members() {
        let value: JSON = ["a": 1, "n": .null]
        #expect(value["a"]?.int == 1)
        #expect(value["n"] == JSON?.none)
        #expect(value["x"] == JSON?.none)
        #expect(JSON.array([])["a"] == JSON?.none)
    }

    @Test("A number is an int only when it is whole and fits")
    func numbers() {
        #expect(JSON.double(5).int == 5)
        #expect(JSON.double(5.5).int == nil)
        #expect(JSON.double(1e300).int == nil)
        #expect(JSON.string("5").int == nil)
        #expect(JSON.int(5).double == 5)
        #expect(JSON.bool(true).int == nil)
    }
}
