import Testing

@testable import Domain

/// JPEG, WebP, GIF, AVIF, HEIC and TIFF.
struct PictureMetadataTests {
    private static let xmp = Array("<x:xmpmeta xmp:Rating=\"4\"/>".utf8)

    private static func exif(_ isLittleEndian: Bool = true) -> [UInt8] {
        var sample = EXIFSample(isLittleEndian: isLittleEndian)
        sample.addText(271, "Maker")
        sample.addComment(Array("ASCII\0\0\0a cat".utf8))
        return sample.bytes
    }

    @Test("A JPEG's EXIF, XMP, comment and numbers are read", arguments: [true, false])
    func jpeg(_ isLittleEndian: Bool) {
        let file = MetadataSample.jpeg([
            (0xE0, Array("JFIF\0".utf8) + [1, 2, 1, 0, 96, 0, 72, 0, 0]), (0xE1, Array("Adobe, unknown".utf8)),
            (0xE1, Array("Exif\0\0".utf8) + Self.exif(isLittleEndian)),
            (0xE1, Array("http://ns.adobe.com/xap/1.0/\0".utf8) + Self.xmp), (0xFE, Array("made by hand".utf8)),
        ])
        let metadata = MetadataSample.read(file, .jpeg)
        #expect(metadata.userComment == "a cat")
        #expect(metadata.exif(271) == .text("Maker"))
        #expect(metadata.xmp == "<x:xmpmeta xmp:Rating=\"4\"/>")
        #expect(metadata.texts == [EmbeddedMetadata.TextEntry(key: "comment", text: "made by hand")])
        #expect(
            metadata.facts.map { "\($0.key)=\($0.text)" } == [
                "jfif=258", "jfif_version=(1, 2)", "dpi=(96, 72)", "jfif_unit=1", "jfif_density=(96, 72)",
                "progressive=1", "progression=1",
            ]
        )
        #expect([metadata.width, metadata.height] == [40, 24])
    }

    @Test("A JPEG's EXIF of several segments is one")
    func pieces() {
        var sample = EXIFSample()
        sample.addComment(Array("ASCII\0\0\0".utf8) + [UInt8](repeating: 0x61, count: 90_000))
        let bytes = sample.bytes
        let segments = [bytes[..<60_000], bytes[60_000...]].map { (UInt8(0xE1), Array("Exif\0\0".utf8) + $0) }
        #expect(MetadataSample.read(MetadataSample.jpeg(segments), .jpeg).userComment?.count == 90_000)
    }

    @Test("A JPEG without a density of its own has that of its EXIF, else the usual one")
    func density() {
        func dpi(_ change: (inout EXIFSample) -> Void) -> String? {
            var sample = EXIFSample()
            change(&sample)
            let file = MetadataSample.jpeg([(0xE1, Array("Exif\0\0".utf8) + sample.bytes)])
            return MetadataSample.read(file, .jpeg).facts.first { $0.key == "dpi" }?.text
        }
        #expect(dpi { $0.addText(271, "x") } == "(72, 72)")
        #expect(
            dpi {
                $0.addRational(282, 300, 1)
                $0.addShort(296, 2)
            } == "(300.0, 300.0)"
        )
        #expect(
            dpi {
                $0.addRational(282, 100, 1)
                $0.addShort(296, 3)
            } == "(254.0, 254.0)"
        )
        #expect(
            dpi {
                $0.addRational(282, 100, 0)
                $0.addShort(296, 2)
            } == "(72, 72)"
        )
        #expect(MetadataSample.read(MetadataSample.jpeg([]), .jpeg).facts.map(\.key) == ["progressive", "progression"])
    }

    @Test("The size of a turned JPEG is the one it is seen in")
    func turned() {
        var sample = EXIFSample(isLittleEndian: false)
        sample.addShort(0x0112, 6)
        let file = MetadataSample.jpeg([(0xE1, Array("Exif\0\0".utf8) + sample.bytes)])
        let metadata = MetadataSample.read(file, .jpeg)
        #expect([metadata.width, metadata.height] == [24, 40])
    }

    @Test("A WebP's EXIF and XMP stand behind its pixels")
    func webP() {
        let pixels = ("VP8 ", [UInt8](repeating: 5, count: 101))
        for prefix in ["", "Exif\0\0"] {
            let file = MetadataSample.webP(
                flags: 0x1C,
                [pixels, ("EXIF", Array(prefix.utf8) + Self.exif()), ("XMP ", Self.xmp)]
            )
            let metadata = MetadataSample.read(file, .webp)
            #expect(metadata.userComment == "a cat")
            #expect(metadata.rating == 4)
            #expect(metadata.hasAlpha)
            #expect([metadata.width, metadata.height] == [300, 200])
        }
        let silent = MetadataSample.webP(flags: 0, [pixels, ("EXIF", Self.exif()), ("XMP ", Self.xmp)])
        #expect(MetadataSample.read(silent, .webp).exif.isEmpty)
        #expect(!MetadataSample.read(silent, .webp).hasAlpha)
    }

    @Test("A lossless WebP says in one bit whether it has an alpha channel")
    func lossless() {
        for (bit, expected) in [(0, false), (1 << 28, true)] {
            let header = [0x2F] + TestPicture.little(99 | 49 << 14 | bit, 4)
            let file =
                Array("RIFF".utf8) + TestPicture.little(17, 4) + Array("WEBPVP8L".utf8)
                + TestPicture.little(5, 4) + header
            #expect(MetadataSample.read(file, .webp).hasAlpha == expected)
        }
    }

    static func gif(_ blocks: [UInt8]) -> [UInt8] {
        let table = [UInt8](repeating: 0x21, count: 12)
        let image: [UInt8] =
            [0x2C] + [UInt8](repeating: 0, count: 8) + [0x80] + [UInt8](repeating: 0x3B, count: 6) + [2, 3, 1, 2, 3, 0]
        return Array("GIF89a".utf8) + TestPicture.little(12, 2) + TestPicture.little(8, 2) + [0x81, 0, 0] + table
            + image
            + blocks + [0x3B]
    }

    @Test("A GIF's comments and XMP are read, also behind a picture")
    func gif() {
        let long = [UInt8](repeating: 0x61, count: 255)
        let comment: [UInt8] = [0x21, 0xFE, 255] + long + [2, 0x62, 0x63, 0]
        let control: [UInt8] = [0x21, 0xF9, 4, 0, 0, 0, 0, 0]
        let trailer: [UInt8] = [1] + (0...255).map { 255 - $0 } + [0]
        let xmp: [UInt8] = [0x21, 0xFF, 11] + Array("XMP DataXMP".utf8) + Self.xmp + trailer
        let metadata = MetadataSample.read(Self.gif(control + comment + xmp + [0x21, 0xFE, 1, 0x7A, 0]), .gif)
        #expect(metadata.texts.map(\.text) == [String(repeating: "a", count: 255) + "bc", "z"])
        #expect(metadata.rating == 4)
        #expect([metadata.width, metadata.height] == [12, 8])
        #expect(MetadataSample.read(Self.gif([0x21, 0xFE, 200, 1]), .gif).texts.isEmpty)
    }

    /// An AVIF with two items whose places are told by a version of `iloc`; version 1 puts the XMP into `idat`.
    static func avif(version: UInt8, itemBytes: Int = 2) -> [UInt8] {
        let big = TestPicture.big
        let box = MetadataSample.box
        func item(_ number: Int, _ type: String, _ more: String) -> [UInt8] {
            let body = (itemBytes == 2 ? [2, 0, 0, 0] : [3, 0, 0, 0]) + big(number, itemBytes) + [0, 0]
            return box("infe", body + Array((type + "name\0" + more).utf8))
        }
        let items = item(1, "av01", "") + item(7, "Exif", "") + item(8, "mime", "application/rdf+xml\0")
        let information = box("iinf", [0, 0, 0, 0, 0, 3] + items)
        let picture = box("iprp", box("ipco", box("ispe", big(0, 4) + big(640, 4) + big(480, 4))))
        let exif = big(6, 4) + Array("Exif\0\0".utf8) + Self.exif()
        let data = box("idat", Array("--".utf8) + Self.xmp)
        // The bytes of the items follow the `meta` box in an `mdat`.
        func locations(_ start: Int) -> [UInt8] {
            let idBytes = version == 2 ? 4 : 2
            func entry(_ number: Int, _ method: Int, _ base: Int, _ pieces: [(Int, Int)]) -> [UInt8] {
                big(number, idBytes) + (version > 0 ? big(method, 2) : []) + big(0, 2) + big(base, 4)
                    + big(pieces.count, 2) + pieces.flatMap { big($0.0, 4) + big($0.1, 4) }
            }
            let split = exif.count / 2
            let entries =
                entry(1, 0, 0, [(0, 4)]) + entry(7, 0, start, [(0, split), (split, exif.count - split)])
                + (version == 0
                    ? entry(8, 0, start + exif.count, [(0, Self.xmp.count)]) : entry(8, 1, 0, [(2, Self.xmp.count)]))
            return box("iloc", [version, 0, 0, 0, 0x44, 0x40] + big(3, idBytes) + entries)
        }
        func meta(_ start: Int) -> [UInt8] {
            box("meta", [0, 0, 0, 0] + information + picture + data + locations(start))
        }
        let type = box("ftyp", Array("avif\0\0\0\0avifmif1".utf8))
        let start = type.count + meta(0).count + 8
        return type + meta(start) + box("mdat", exif + Self.xmp)
    }

    @Test("Items of AVIF and HEIC are read wherever they lie", arguments: [0, 1, 2] as [UInt8], [2, 4])
    func items(_ version: UInt8, _ itemBytes: Int) {
        for type in [MediaType.avif, .heic] {
            let metadata = MetadataSample.read(Self.avif(version: version, itemBytes: itemBytes), type)
            #expect(metadata.userComment == "a cat")
            #expect(metadata.rating == 4)
            #expect([metadata.width, metadata.height] == [640, 480])
        }
    }

    @Test("A TIFF's own fields are its EXIF")
    func tiff() {
        var sample = EXIFSample(isLittleEndian: false)
        sample.addShort(256, 30)
        sample.addShort(257, 70)
        sample.addText(271, "Maker")
        let metadata = MetadataSample.read(sample.bytes, .tiff)
        #expect([metadata.width, metadata.height] == [30, 70])
        #expect(metadata.exif(271) == .text("Maker"))
    }
}
