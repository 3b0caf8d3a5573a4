import Testing

@testable import Domain

/// What callers see of metadata: the flat list, ratings, and values written as Python writes them.
struct EmbeddedMetadataTests {
    private func flat(_ metadata: EmbeddedMetadata) -> [String: String] {
        Dictionary(metadata.flat.map { ($0.key, $0.text) }, uniquingKeysWith: { first, _ in "twice: \(first)" })
    }

    @Test("The flat list names EXIF's fields by number and then the container's texts")
    func flat() {
        var sample = EXIFSample()
        sample.addText(271, "Maker")
        sample.addRational(282, 72, 1)
        sample.addComment(Array("UNICODE\0".utf8) + [0x68, 0, 0x27, 0])
        sample.gps = [
            (1, 2, 2, Array("N\0".utf8)),
            (2, 5, 3, [51, 30, 1234].flatMap { sample.number($0, 4) + sample.number($0 == 1234 ? 100 : 1, 4) }),
        ]
        let file = MetadataSample.png(
            before: [
                MetadataSample.text("parameters", Array("a cat".utf8)), MetadataSample.text("exif_note", [0x78]),
                MetadataSample.text("k", [0x31]), MetadataSample.text("k", [0x32]), ("eXIf", sample.bytes),
                ("sRGB", [0]),
            ]
        )
        #expect(
            flat(MetadataSample.read(file, .png)) == [
                "271": "Maker", "282": "72.0", "34665": "\(8 + 6 + 48 + 6 + 8)",
                "34853": "{1: 'N', 2: (51.0, 30.0, 12.34)}", "37510": "b\"UNICODE\\x00h\\x00'\\x00\"",
                "parameters": "a cat", "k": "2", "srgb": "0",
            ]
        )
    }

    @Test("A JPEG's comment and XMP are bytes to those who ask")
    func bytes() {
        let file = MetadataSample.jpeg([
            (0xE1, Array("http://ns.adobe.com/xap/1.0/\0<x/>".utf8)), (0xFE, Array("it's\n".utf8)),
        ])
        #expect(
            flat(MetadataSample.read(file, .jpeg)) == [
                "comment": "b\"it's\\n\"", "xmp": "b'<x/>'", "progressive": "1", "progression": "1",
            ]
        )
    }

    @Test("A video has no flat list")
    func video() {
        let metadata = MetadataSample.read(VideoMetadataTests.movie(), .mp4)
        #expect(!metadata.texts.isEmpty)
        #expect(metadata.flat.isEmpty)
    }

    @Test(
        "Values are written as Python writes them",
        arguments: [
            (.text("it's"), "it's"), (.bytes([]), "b''"),
            (.bytes(Array("a\\\t\r\n'\u{7F}".utf8)), #"b"a\\\t\r\n'\x7f""#),
            (.bytes(Array("'\"".utf8) + [0, 255]), #"b'\'"\x00\xff'"#), (.integers([7]), "7"),
            (.integers([1, -2]), "(1, -2)"), (.integers([]), "()"),
            (.rationals([EXIFField.Rational(1, 3)]), "0.3333333333333333"),
            (.rationals([EXIFField.Rational(300, 1), EXIFField.Rational(1, 0)]), "(300.0, nan)"),
            (.reals([0.1, 1e-5, 1e16, .infinity]), "(0.1, 1e-05, 1e+16, inf)"),
        ] as [(EXIFField.Value, String)]
    )
    func python(_ value: EXIFField.Value, _ text: String) { #expect(value.pythonText == text) }

    @Test("Texts inside a list are literals, with letters beyond ASCII as they are")
    func literal() {
        #expect(EXIFField.Value.text("猫 it's\u{1}").pythonLiteral == "\"猫 it's\\x01\"")
        #expect(EXIFField.Value.text("a'\"").pythonLiteral == #"'a\'"'"#)
    }

    @Test(
        "A rating is an attribute or an element from 0 to 5",
        arguments: [
            ("<d xmp:Rating=\"4\"/>", 4), ("<d xmp:Rating = '3.5'/>", 3.5), ("<xmp:Rating>5</xmp:Rating>", 5),
            ("<xmp:Rating> 2 </xmp:Rating>", 2), ("<d\n\txap:Rating='1'/>", 1), ("<d xmp:Rating='0'/>", 0),
            ("<d xmp:RatingPercent='50' xmp:Rating='2'/>", 2), ("<d xmp:Rating=\"-1\"/>", nil),
            ("<d xmp:Rating=\"6\"/>", nil), ("<d xmp:Rating=\"nan\"/>", nil), ("<d xmp:Rating=\"\"/>", nil),
            ("<d xmp:Rating=\"&five;\"/>", nil), ("<d xmp:Rating=\"4", nil), ("xmp:Rating", nil), ("", nil),
            ("<d MicrosoftPhoto:Rating='50'/>", nil), ("<d axmp:Rating='5'/>", nil), ("<d xmp:Rating", nil),
        ] as [(String, Double?)]
    )
    func rating(_ xmp: String, _ rating: Double?) {
        var metadata = EmbeddedMetadata(type: .jpeg)
        metadata.xmp = xmp
        #expect(metadata.rating == rating)
    }

    @Test("Without XMP the field that Windows writes is the rating")
    func windowsRating() {
        var metadata = EmbeddedMetadata(type: .jpeg)
        metadata.exif = [EXIFField(directory: .image, tag: 0x4746, value: .integers([4]), isLittleEndian: true)]
        #expect(metadata.rating == 4)
        metadata.xmp = "<d xmp:Rating='2'/>"
        #expect(metadata.rating == 2)
    }
}
