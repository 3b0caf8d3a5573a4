import Foundation
import Testing

@testable import Domain

/// Texts, EXIF and XMP of PNG files, good and bad.
struct PNGMetadataTests {
    private func texts(_ file: [UInt8]) -> [String] {
        MetadataSample.read(file, .png).texts.map { "\($0.key)=\($0.text)" }
    }

    @Test("Texts of all three kinds are read, before the pixels and behind them")
    func kinds() {
        let file = MetadataSample.png(
            before: [
                MetadataSample.text("parameters", Array("a cat\nSteps: 20".utf8)),
                MetadataSample.packedText("prompt", Array("{\"1\":{}}".utf8)),
            ],
            pixels: [[1], [2, 2], [3, 3]],
            after: [
                MetadataSample.internationalText("workflow", "猫 naïve"),
                MetadataSample.internationalText("packed", "собака", isPacked: true),
            ]
        )
        #expect(
            texts(file) == ["parameters=a cat\nSteps: 20", "prompt={\"1\":{}}", "workflow=猫 naïve", "packed=собака"]
        )
        let metadata = MetadataSample.read(file, .png)
        #expect(metadata.width == 512)
        #expect(metadata.height == 768)
        #expect(metadata.text("workflow") == "猫 naïve")
    }

    @Test("A plain text is Latin-1, unless it is UTF-8")
    func encodings() {
        let file = MetadataSample.png(before: [
            MetadataSample.text("latin", [0x63, 0x61, 0x66, 0xE9]), MetadataSample.text("utf8", Array("café".utf8)),
            MetadataSample.packedText("packed", [0xE9, 0x20]),
        ])
        #expect(texts(file) == ["latin=café", "utf8=café", "packed=é "])
    }

    @Test("A name may come twice, and the order of the file is kept")
    func repeated() {
        let file = MetadataSample.png(before: ["a", "b", "a"].map { MetadataSample.text($0, Array("\($0)!".utf8)) })
        #expect(texts(file) == ["a=a!", "b=b!", "a=a!"])
    }

    @Test(
        "Broken texts are left out and what follows is read",
        arguments: [
            ("tEXt", Array("no zero byte".utf8)), ("tEXt", Array("\0no name".utf8)), ("tEXt", []),
            ("zTXt", Array("k\0".utf8)), ("zTXt", Array("k\0\u{1}xx".utf8)), ("zTXt", Array("k\0\0not zlib".utf8)),
            ("iTXt", Array("k\0".utf8)), ("iTXt", Array("k\0\0\0en".utf8)), ("iTXt", Array("k\0\0\0en\0kk".utf8)),
            ("iTXt", Array("k\0\u{1}\u{9}en\0kk\0text".utf8)), ("iTXt", Array("k\0\u{1}\0en\0kk\0text".utf8)),
            ("zTXt", Array("k\0\0".utf8) + MetadataSample.packed(Array("cut off stream of text".utf8)).dropLast(6)),
        ] as [(String, [UInt8])]
    )
    func broken(_ name: String, _ body: [UInt8]) {
        let file = MetadataSample.png(before: [(name, body), MetadataSample.text("next", [0x78])])
        #expect(texts(file) == ["next=x"])
    }

    @Test("A text that unpacks to very much is left out, and what follows is read")
    func bomb() {
        let bomb = [UInt8](repeating: 0x20, count: 40 << 20)
        let file = MetadataSample.png(before: [
            MetadataSample.packedText("bomb", bomb), MetadataSample.text("next", [0x78]),
        ])
        #expect(texts(file) == ["next=x"])
    }

    @Test("Many texts that unpack to much stay within one bound for all")
    func bombs() {
        // Each one is within what a text may be and packed no better than text is.
        var text: [UInt8] = []
        var generator = SeededGenerator(seed: 7)
        while text.count < 1 << 20 { text += Array("word\(UInt32.random(in: .min ... .max, using: &generator)) ".utf8) }
        let chunk = MetadataSample.packedText("k", text)
        let metadata = MetadataSample.read(MetadataSample.png(before: Array(repeating: chunk, count: 40)), .png)
        let bytes = metadata.texts.reduce(0) { $0 + $1.text.utf8.count }
        #expect(bytes > 4 << 20)
        #expect(bytes <= MetadataCollector.totalLimit)
    }

    @Test("Text that packs well, as large workflows do, is read")
    func repetitive() {
        let text = (0..<40_000).map { "{\"node\": \($0), \"inputs\": [1, 2, 3]}, " }.joined()
        let file = MetadataSample.png(before: [MetadataSample.packedText("workflow", Array(text.utf8))])
        let isWhole = MetadataSample.read(file, .png).text("workflow") == text
        #expect(isWhole)
    }

    @Test("Of ten thousand chunks only a bounded number is looked at")
    func manyChunks() {
        let many = Array(repeating: MetadataSample.text("k", [0x78]), count: 10_000)
        #expect(texts(MetadataSample.png(before: many)).count == MetadataCollector.textsLimit)
        let unknown = Array(repeating: ("abCd", [UInt8](repeating: 1, count: 3)), count: 10_000)
        #expect(texts(MetadataSample.png(before: unknown + [MetadataSample.text("k", [0x78])])).isEmpty)
    }

    @Test("Ten thousand pieces of pixels do not hide what stands behind them")
    func manyPixels() {
        for tail in [[9], []] as [[UInt8]] {
            var pixels = Array(repeating: [UInt8](repeating: 7, count: 8), count: 10_000)
            if !tail.isEmpty { pixels.append(tail) }
            let file = MetadataSample.png(pixels: pixels, after: [MetadataSample.text("k", [0x78])])
            #expect(texts(file) == ["k=x"])
        }
    }

    @Test("Pixels that end with the file are passed whatever their pieces' lengths, and their like is no trap")
    func lastPieces() {
        for (count, tail) in [(1, 0), (1, 5), (2, 3), (5, 7), (6, 8)] {
            let pixels =
                Array(repeating: [UInt8](repeating: 7, count: 8), count: count) + [[UInt8](repeating: 1, count: tail)]
            #expect(texts(MetadataSample.png(pixels: pixels)).isEmpty)
            #expect(texts(MetadataSample.png(pixels: pixels, after: [MetadataSample.text("k", [0x78])])) == ["k=x"])
            var cut = MetadataSample.png(pixels: pixels, after: [MetadataSample.text("k", [0x78])])
            cut.removeLast(12)
            #expect(texts(cut) == ["k=x"])
        }
    }

    @Test("Hundreds of pieces of different lengths hide nothing either, as they lie on the disk")
    func unequalPieces() throws {
        let pixels = (0..<230).map { [UInt8](repeating: 7, count: 4_200 + 4_801 * $0 % 4_800) }
        var exif = EXIFSample()
        exif.addText(0x010F, "Maker")
        let file = MetadataSample.png(
            before: [("eXIf", exif.bytes)],
            pixels: pixels,
            after: [MetadataSample.text("parameters", Array("a cat".utf8))]
        )
        let folder = try TemporaryFolder()
        let descriptor = open(try folder.write(file, "a.png"), O_RDONLY)
        defer { close(descriptor) }
        let texts = file.prefix(8_192).withUnsafeBytes { head in
            var source = ByteSource(head: head, descriptor: descriptor, count: file.count)
            return EmbeddedMetadata.read(&source, type: .png).texts.map(\.text)
        }
        #expect(texts.contains("a cat"))
    }

    @Test("A length that lies ends the reading", arguments: [0x7FFF_FFFF, 0xFFFF_FFFF, 0x8000_0000, 200])
    func lyingLength(_ length: Int) {
        var file = MetadataSample.png(before: [MetadataSample.text("k", [0x78])])
        file.removeLast(12)
        file += TestPicture.big(length, 4) + Array("tEXtk\0y".utf8)
        #expect(texts(file) == ["k=x"])
        file = MetadataSample.png()
        file.replaceSubrange(33..<37, with: TestPicture.big(length, 4))
        #expect(texts(file).isEmpty)
    }

    @Test("EXIF is read from its own chunk and from a raw profile")
    func exif() {
        var sample = EXIFSample()
        sample.addText(0x010F, "Maker")
        for file in [
            MetadataSample.png(after: [("eXIf", sample.bytes)]),
            MetadataSample.png(before: [("eXIf", Array("Exif\0\0".utf8) + sample.bytes)]),
            MetadataSample.png(before: [rawProfile(Array("Exif\0\0".utf8) + sample.bytes)]),
        ] {
            #expect(MetadataSample.read(file, .png).exif(0x010F) == .text("Maker"))
        }
    }

    private func rawProfile(_ bytes: [UInt8]) -> (String, [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        var text = Array("\nexif\n      \(bytes.count)\n".utf8)
        for (index, byte) in bytes.enumerated() {
            text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            if index % 36 == 35 { text.append(10) }
        }
        return MetadataSample.packedText("Raw profile type exif", text)
    }

    @Test(
        "A raw profile of anything but digits gives no EXIF",
        arguments: ["", "\nexif\n 4\n", "\nexif\n4\n49zz", "x"]
    )
    func brokenProfile(_ text: String) {
        let file = MetadataSample.png(before: [MetadataSample.text("Raw profile type exif", Array(text.utf8))])
        #expect(MetadataSample.read(file, .png).exif.isEmpty)
    }

    @Test("XMP is no text among others")
    func xmp() {
        let file = MetadataSample.png(before: [MetadataSample.internationalText("XML:com.adobe.xmp", "<x/>")])
        let metadata = MetadataSample.read(file, .png)
        #expect(metadata.xmp == "<x/>")
        #expect(metadata.texts.isEmpty)
    }

    @Test("An alpha channel is one of its own or a transparent colour")
    func alpha() {
        #expect(!MetadataSample.read(MetadataSample.png(colour: 2), .png).hasAlpha)
        #expect(!MetadataSample.read(MetadataSample.png(colour: 3), .png).hasAlpha)
        #expect(MetadataSample.read(MetadataSample.png(colour: 4), .png).hasAlpha)
        #expect(MetadataSample.read(MetadataSample.png(colour: 6), .png).hasAlpha)
        #expect(MetadataSample.read(MetadataSample.png(before: [("tRNS", [0])], colour: 3), .png).hasAlpha)
    }

    @Test("Numbers of the container are told as Pillow tells them")
    func facts() {
        let big = TestPicture.big
        let chromaticity = [31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000].flatMap { big($0, 4) }
        let file = MetadataSample.png(before: [
            ("gAMA", big(45455, 4)), ("sRGB", [0]), ("pHYs", big(2835, 4) + big(11811, 4) + [1]),
            ("cHRM", chromaticity), ("gAMA", [1]), ("sRGB", []), ("pHYs", [1, 2]), ("cHRM", [1]),
        ])
        let facts = MetadataSample.read(file, .png).facts.map { "\($0.key)=\($0.text)" }
        #expect(
            facts == [
                "gamma=0.45455", "srgb=0", "dpi=(72.009, 299.9994)",
                "chromaticity=(0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)",
            ]
        )
        let aspect = MetadataSample.png(before: [("pHYs", big(2, 4) + big(3, 4) + [0])])
        #expect(MetadataSample.read(aspect, .png).facts.map(\.text) == ["(2, 3)"])
    }
}
