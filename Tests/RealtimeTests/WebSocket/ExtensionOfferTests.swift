import Realtime
import Testing

/// The grammar of RFC 6455 §9.1.
struct ExtensionOfferTests {
    @Test(
        "Elements are read with white space, empty list elements and quoted values",
        arguments: [
            ("a", "a"), (" a\t", "a"), ("a,b", "a, b"), (",, a ,, b ,", "a, b"), ("a;b", "a; b"),
            ("a ; b = c ;d", "a; b=c; d"), ("a; b=\"c\"", "a; b=c"), ("a; b=\"c\\d\"", "a; b=cd"),
            ("a; b=\"c\"; e, f", "a; b=c; e, f"), ("!#$%&'*+-.^_`|~09azAZ", "!#$%&'*+-.^_`|~09azAZ"),
        ]
    )
    func reads(value: String, written: String) {
        #expect(ExtensionOffer.parse(value)?.map(\.encoded).joined(separator: ", ") == written)
    }

    @Test(
        "What breaks the grammar is refused",
        arguments: [
            "", " ", ",", ";", "a;", "a; ;b", "a; =b", "a; b=", "a; b=;c", "a; b=\"", "a; b=\"c", "a; b=\"c\\",
            "a; b=\"\"", "a; b=\"c d\"", "a; b=\"c,d\"", "a; b=\"\u{1}\"", "a; b=\"\u{7F}\"", "a; b=\"c\" d", "a b",
            "a/b", "ä", "a; b==c", "\"a\"", "a; b=\"\\\"\"",
        ]
    )
    func refuses(value: String) {
        #expect(ExtensionOffer.parse(value) == nil)
    }
}
