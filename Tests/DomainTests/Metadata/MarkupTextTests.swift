import Testing

@testable import Domain

@Suite struct MarkupTextTests {
    @Test(
        "Entities are characters, and what is none stays",
        arguments: [
            ("a &lt;b&gt; &amp;amp; &quot;c&quot; &apos;d&#39;", "a <b> &amp; \"c\" 'd'"),
            ("&#233;&#xE9;&#XE9;&nbsp;🐈", "ééé 🐈"),
            ("& &; &x; &#; &#0; &#xD800; &#99999999; &amp", "& &; &x; &#; &#0; &#xD800; &#99999999; &amp"),
            ("&aaaaaaaaaaaaaaaaaaaa;", "&aaaaaaaaaaaaaaaaaaaa;"), ("", ""),
        ]
    )
    func entities(text: String, decoded: String) {
        #expect(text.reading { MarkupText.decoded($0, $0.range) } == decoded)
    }

    @Test(
        "XMP's UserComment is found in its three places",
        arguments: [
            (
                "<exif:UserComment><rdf:Alt><rdf:li xml:lang=\"x-default\">a &lt; b\nc</rdf:li></rdf:Alt></exif:UserComment>",
                "a < b\nc"
            ),
            ("<exif:UserComment> a </exif:UserComment>", "a"),
            ("<rdf:Description\n exif:UserComment = 'say &quot;hi&quot;' x='y'>", "say \"hi\""),
            ("<exif:UserCommentary>no</exif:UserCommentary><exif:UserComment>yes</exif:UserComment>", "yes"),
        ]
    )
    func userComment(packet: String, text: String) {
        #expect(XMPScanner.userComment(in: "<x:xmpmeta>" + packet + "</x:xmpmeta>") == text)
    }

    @Test(
        "A comment that is blank or cut off is none",
        arguments: [
            "", "exif:UserComment", "<exif:UserComment", "<exif:UserComment/>", "<exif:UserComment>a",
            "<exif:UserComment><rdf:li>a</exif:UserComment>", " exif:UserComment=", " exif:UserComment='a",
            "<exif:UserComment> </exif:UserComment>",
        ]
    )
    func noUserComment(packet: String) {
        #expect(XMPScanner.userComment(in: packet) == nil)
    }

    @Test(
        "A text file is UTF-8 or UTF-16, by its mark",
        arguments: [
            ([0xEF, 0xBB, 0xBF, 0x61], "a"), ([0xFF, 0xFE, 0x61, 0, 0xE9, 0], "aé"),
            ([0xFE, 0xFF, 0, 0x61, 0, 0xE9], "aé"),
            ([0xFE, 0xFF], ""), ([0xEF, 0xBB, 0xBF], ""), ([0x61, 0xFF], "a\u{FFFD}"), ([0x61], "a"), ([], ""),
        ] as [([UInt8], String)]
    )
    func file(bytes: [UInt8], text: String) {
        let read = bytes.withUnsafeBytes { MetadataText.file($0) }
        #expect(Array(read.unicodeScalars) == Array(text.unicodeScalars))
    }
}
