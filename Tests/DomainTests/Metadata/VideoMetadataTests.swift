import Testing

@testable import Domain

/// MP4, QuickTime, Matroska, WebM and AVI.
struct VideoMetadataTests {
    private static let big = TestPicture.big
    private static let box = MetadataSample.box
    private static let element = MetadataSample.element

    private static func track(_ handler: String, _ width: Int, _ height: Int, isTurned: Bool, isLong: Bool) -> [UInt8] {
        let one = 0x1_0000
        let matrix = isTurned ? [0, one, 0, -one, 0, 0, 0, 0, 0x4000_0000] : [one, 0, 0, 0, one, 0, 0, 0, 0x4000_0000]
        let times = [UInt8](repeating: 0, count: isLong ? 32 : 20)
        let head = [isLong ? 1 : 0, 0, 0, 7] + times + [UInt8](repeating: 0, count: 16) + matrix.flatMap { big($0, 4) }
        let size = big(width << 16, 4) + big(height << 16, 4)
        let media = box("mdia", box("hdlr", big(0, 8) + Array(handler.utf8) + big(0, 13)))
        return box("trak", box("tkhd", head + size) + media)
    }

    private static func value(_ text: [UInt8], type: Int = 1) -> [UInt8] {
        box("data", big(type, 4) + big(0, 4) + text)
    }

    static func movie(isTurned: Bool = false, isLong: Bool = false, isBehind: Bool = true) -> [UInt8] {
        let duration = isLong ? big(600, 4) + big(1500, 8) : big(600, 4) + big(1500, 4)
        let header = box("mvhd", [isLong ? 1 : 0, 0, 0, 0] + big(0, isLong ? 16 : 8) + duration + big(0, 80))
        let items =
            box("\u{A9}cmt", value(Array("a cat".utf8))) + box("\u{A9}nam", value(Array("Titel ü".utf8)))
            + box("desc", value([0, 0x68, 0, 0x69], type: 2)) + box("covr", value([1, 2, 3], type: 13))
            + box(
                "----",
                box("mean", big(0, 4) + [0x78]) + box("name", big(0, 4) + Array("prompt".utf8))
                    + value(Array("{}".utf8))
            )
        let handler = box("hdlr", big(0, 8) + Array("mdir".utf8) + big(0, 13))
        let user = box("udta", box("meta", big(0, 4) + handler + box("ilst", items)))
        let tracks =
            track("soun", 0, 0, isTurned: false, isLong: isLong)
            + track("vide", 1920, 1080, isTurned: isTurned, isLong: isLong)
        let moov = box("moov", header + tracks + user)
        let film = box("mdat", [UInt8](repeating: 7, count: 300))
        return box("ftyp", Array("isom\0\0\0\0isommp42".utf8)) + (isBehind ? film + moov : moov + film)
    }

    /// QuickTime's own way: names in `keys`, a `meta` without version, and texts right in `udta`.
    static func quickTime() -> [UInt8] {
        let names = ["com.apple.quicktime.comment", "workflow"]
        let keys = big(0, 4) + big(2, 4) + names.flatMap { big($0.utf8.count + 8, 4) + Array("mdta\($0)".utf8) }
        let number = { (index: Int) in String(decoding: [0, 0, 0, UInt8(index)], as: UTF8.self) }
        let items = box(number(1), value(Array("first".utf8))) + box(number(2), value(Array("second".utf8)))
        let handler = box("hdlr", big(0, 8) + Array("mdta".utf8) + big(0, 13))
        let meta = box("meta", handler + box("keys", keys) + box("ilst", items))
        let user = box(
            "udta",
            box("\u{A9}day", big(4, 2) + big(0, 2) + Array("2024".utf8))
                + box("XMP_", Array("<x xmp:Rating='2'/>".utf8))
        )
        return box("ftyp", Array("qt  \0\0\0\0qt  ".utf8)) + box("wide", []) + box("moov", meta + user)
    }

    @Test("Size, length and texts of an MP4", arguments: [true, false], [true, false])
    func mp4(_ isLong: Bool, _ isBehind: Bool) {
        let metadata = MetadataSample.read(Self.movie(isLong: isLong, isBehind: isBehind), .mp4)
        #expect([metadata.width, metadata.height] == [1920, 1080])
        #expect(metadata.duration == 2.5)
        #expect(
            metadata.texts.map { "\($0.key)=\($0.text)" }
                == ["comment=a cat", "title=Titel ü", "description=hi", "prompt={}"]
        )
        let turned = MetadataSample.read(Self.movie(isTurned: true, isLong: isLong), .mp4)
        #expect([turned.width, turned.height] == [1080, 1920])
    }

    @Test("Texts of QuickTime")
    func mov() {
        let metadata = MetadataSample.read(Self.quickTime(), .quickTime)
        #expect(
            metadata.texts.map { "\($0.key)=\($0.text)" }
                == ["com.apple.quicktime.comment=first", "workflow=second", "date=2024"]
        )
        #expect(metadata.rating == 2)
    }

    @Test("XMP of an MP4 stands in a box of its own")
    func uuid() {
        let name: [UInt8] = [
            0xBE, 0x7A, 0xCF, 0xCB, 0x97, 0xA9, 0x42, 0xE8, 0x9C, 0x71, 0x99, 0x94, 0x91, 0xE3, 0xAF, 0xAC,
        ]
        let file = Self.movie() + Self.box("uuid", name + Array("<x xmp:Rating=\"3\"/>".utf8))
        #expect(MetadataSample.read(file, .mp4).rating == 3)
        let other = Self.movie() + Self.box("uuid", name.reversed() + Array("<x xmp:Rating=\"3\"/>".utf8))
        #expect(MetadataSample.read(other, .mp4).xmp == nil)
    }

    static func matroska(tagsBehind: Bool, isSegmentOpen: Bool = false, unit: Int = 0) -> [UInt8] {
        let seconds = Float(2500).bitPattern
        let information = element(
            0x1549_A966,
            element(0x2AD7B1, big(1_000_000, 3)) + element(0x4489, big(Int(seconds), 4))
        )
        let video = element(
            0xE0,
            element(0xB0, big(720, 2)) + element(0xBA, big(576, 2)) + element(0x54B0, big(1024, 2))
                + element(0x54BA, big(576, 2)) + element(0x54B2, [UInt8(unit)])
        )
        let tracks = element(0x1654_AE6B, element(0xAE, element(0x83, [2])) + element(0xAE, element(0x83, [1]) + video))
        let tag = element(0x67C8, element(0x45A3, Array("COMMENT".utf8)) + element(0x4487, Array("a cat".utf8)))
        let tags = element(0x1254_C367, element(0x7373, element(0x63C0, []) + tag))
        let cluster = element(0x1F43_B675, [UInt8](repeating: 0, count: 500))
        func seek(_ place: Int) -> [UInt8] {
            element(0x114D_9B74, element(0x4DBB, element(0x53AB, big(0x1254_C367, 4)) + element(0x53AC, big(place, 4))))
        }
        let before = seek(0).count + information.count + tracks.count
        let body =
            tagsBehind
            ? seek(before + cluster.count) + information + tracks + cluster + tags
            : seek(before) + information + tracks + tags + cluster
        let head = element(0x1A45_DFA3, element(0x4282, Array("matroska".utf8)))
        let segment = isSegmentOpen ? big(0x1853_8067, 4) + [0x01] + big(-1, 7) + body : element(0x1853_8067, body)
        return head + segment
    }

    @Test("Size, length and tags of Matroska", arguments: [true, false], [true, false])
    func matroska(_ tagsBehind: Bool, _ isSegmentOpen: Bool) {
        let file = Self.matroska(tagsBehind: tagsBehind, isSegmentOpen: isSegmentOpen)
        let metadata = MetadataSample.read(file, .matroska)
        #expect([metadata.width, metadata.height] == [1024, 576])
        #expect(metadata.duration == 2.5)
        #expect(metadata.texts == [EmbeddedMetadata.TextEntry(key: "COMMENT", text: "a cat")])
    }

    @Test("Sides that are a proportion are no pixels")
    func proportion() {
        let metadata = MetadataSample.read(Self.matroska(tagsBehind: false, unit: 3), .webM)
        #expect([metadata.width, metadata.height] == [720, 576])
    }

    static func avi() -> [UInt8] {
        let little = TestPicture.little
        let head = [40_000, 0, 0, 0, 50, 0, 1, 0, 320, 240, 0, 0, 0, 0].flatMap { little($0, 4) }
        let list = Array("hdrlavih".utf8) + little(head.count, 4) + head
        let body = Array("AVI LIST".utf8) + little(list.count, 4) + list
        return Array("RIFF".utf8) + little(body.count, 4) + body
    }

    @Test("Size and length of an AVI")
    func aviHeader() {
        let metadata = MetadataSample.read(Self.avi(), .avi)
        #expect([metadata.width, metadata.height] == [320, 240])
        #expect(metadata.duration == 2)
    }

    static func asf() -> [UInt8] {
        let little = TestPicture.little
        let zeros = { (count: Int) in [UInt8](repeating: 0, count: count) }
        let properties =
            [0xA1, 0xDC, 0xAB, 0x8C] + zeros(12) + little(104, 8) + zeros(40) + little(30_000_000, 8) + zeros(8)
            + little(500, 8) + zeros(16)
        let stream = { (kind: [UInt8]) in
            [0x91, 0x07, 0xDC, 0xB7, 0xB7, 0xA9, 0xCF, 0x11] + zeros(8) + little(90, 8) + kind + zeros(50)
                + little(320, 4) + little(240, 4) + zeros(4)
        }
        let objects = properties + stream([0x40, 0x9E, 0x69, 0xF8]) + stream([0xC0, 0xEF, 0x19, 0xBC])
        let id: [UInt8] = [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11, 0xA6, 0xD9, 0, 0xAA, 0, 0x62, 0xCE, 0x6C]
        return id + little(30 + objects.count, 8) + little(3, 4) + [1, 2] + objects
    }

    @Test("Size and length of ASF")
    func advancedSystems() {
        let metadata = MetadataSample.read(Self.asf(), .wmv)
        #expect([metadata.width, metadata.height] == [320, 240])
        #expect(metadata.duration == 2.5)
    }

    static func flv() -> [UInt8] {
        func entry(_ name: String, _ value: Double) -> [UInt8] {
            let bits = withUnsafeBytes(of: value.bitPattern.bigEndian) { [UInt8]($0) }
            return big(name.utf8.count, 2) + Array(name.utf8) + [0] + bits
        }
        let values =
            entry("duration", 2.5) + big(4, 2) + Array("text".utf8) + [2] + big(2, 2) + Array("hi".utf8)
            + entry("width", 320)
            + big(6, 2) + Array("stereo".utf8) + [1, 1] + entry("height", 240) + [0, 0, 9]
        let body = [2, 0, 10] + Array("onMetaData".utf8) + [8] + big(5, 4) + values
        let tag = [18] + big(body.count, 3) + [UInt8](repeating: 0, count: 7) + body
        return Array("FLV\u{1}\u{5}".utf8) + big(9, 4) + big(0, 4) + tag + big(tag.count, 4)
    }

    @Test("Size and length of Flash video")
    func flash() {
        let metadata = MetadataSample.read(Self.flv(), .flv)
        #expect([metadata.width, metadata.height] == [320, 240])
        #expect(metadata.duration == 2.5)
    }

    @Test("Boxes and elements of no length do not hold up the reading")
    func empty() {
        let boxes =
            Self.box("ftyp", Array("isom\0\0\0\0".utf8))
            + Array(repeating: Self.box("free", []), count: 100_000).joined()
        #expect(MetadataSample.read(boxes, .mp4).texts.isEmpty)
        let elements =
            Self.element(0x1A45_DFA3, [])
            + Self.element(0x1853_8067, Array(repeating: Self.element(0xEC, []), count: 50_000).flatMap { $0 })
        #expect(MetadataSample.read(elements, .matroska).width == nil)
    }
}
