import Testing

@testable import REST

@Suite struct PercentEncodingTests {
    @Test(
        arguments: [
            ("", ""), ("abc", "abc"), ("a%20b", "a b"), ("%C3%A9", "é"), ("%c3%a9", "é"), ("a+b", "a+b"), ("%25", "%"),
            ("%", nil), ("%2", nil), ("%g0", nil), ("%ff", nil), ("%C3", nil),
        ] as [(String, String?)]
    )
    func `escapes are read strictly`(text: String, decoded: String?) {
        #expect(PercentEncoding.decode(text) == decoded)
    }

    @Test func `a plus is a space in forms only`() {
        #expect(PercentEncoding.decode("a+b%2B", isForm: true) == "a b+")
    }

    @Test(arguments: ["", "a/b?c#d", "é ü", "100%", "-._~"])
    func `what is encoded is decoded to the same`(text: String) {
        let encoded = PercentEncoding.encode(text)
        #expect(encoded.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") })
        #expect(PercentEncoding.decode(encoded) == text)
    }
}
