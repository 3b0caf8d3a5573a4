import Testing

@testable import Domain

/// Pictures that are stored turned, and say so in chunks or boxes.
struct TurnedPictureTests {
    private static let head = Array("Exif\0\0".utf8)

    private func png(_ exif: [UInt8], isBehind: Bool = false) -> [UInt8] {
        var rows: [UInt8] = []
        for y in 0..<20 {
            rows.append(0)
            for x in 0..<40 { rows.append(UInt8(5 * x + y)) }
        }
        let file = TestPicture.png(40, 20, depth: 8, colour: 0, rows: rows)
        var whole = file
        whole.insert(contentsOf: TestPicture.chunk("eXIf", exif), at: isBehind ? file.count - 12 : 33)
        return whole
    }

    @Test("The Exif of PNG and WebP turns them as that of JPEG does", arguments: 1...8 as ClosedRange<UInt8>)
    func exif(_ value: UInt8) throws {
        let orientation = try #require(Orientation(rawValue: value))
        for head in [[], Self.head] {
            let exif = head + TestPicture.exif(orientation: value)
            for (file, upright) in [
                (png(exif), png(TestPicture.exif(orientation: 1))),
                (try TestPicture.webP(40, 20, exif: exif), try TestPicture.webP(40, 20)),
            ] {
                let header = try #require(PictureDecoder.inspect(file).header)
                #expect(header.orientation == orientation)
                #expect([header.displayWidth, header.displayHeight] == (value >= 5 ? [20, 40] : [40, 20]))
                let stored = try PictureDecoder.decode(upright, side: 40)
                #expect(try PictureDecoder.decode(file, side: 40) == stored.oriented(orientation))
                #expect(try PictureDecoder.decode(file, side: 20).width == (value >= 5 ? 10 : 20))
            }
        }
    }

    @Test("An Exif that is broken or senseless turns nothing, and one behind the pixels of a PNG counts")
    func noTurn() throws {
        let exif = TestPicture.exif(orientation: 6)
        for broken in [[], Self.head, Array(exif.prefix(12)), TestPicture.exif(orientation: 9), Self.head + [1]] {
            #expect(PictureDecoder.inspect(png(broken)).header?.orientation == .up)
            #expect(PictureDecoder.inspect(try TestPicture.webP(40, 20, exif: broken)).header?.orientation == .up)
        }
        #expect(PictureDecoder.inspect(png(exif, isBehind: true)).header?.orientation == .right)
        #expect(PictureDecoder.inspect(png(Array(exif.prefix(12)), isBehind: true)).header?.orientation == .up)
    }

    /// An AVIF's header whose primary item, number 2, has the properties of these numbers.
    private func avif(_ properties: [[UInt8]], _ numbers: [UInt8], isLong: Bool = false) -> [UInt8] {
        let big = TestPicture.big
        let box = { (name: String, body: [UInt8]) -> [UInt8] in big(8 + body.count, 4) + Array(name.utf8) + body }
        let size = box("ispe", big(0, 4) + big(640, 4) + big(480, 4))
        let ipco = box("ipco", size + Array(properties.joined()))
        func entry(_ item: Int, _ numbers: [UInt8]) -> [UInt8] {
            var bytes = big(item, isLong ? 4 : 2)
            bytes.append(UInt8(numbers.count))
            // All of them must be known by a reader.
            for number in numbers { bytes += isLong ? [0x80, number] : [0x80 | number] }
            return bytes
        }
        let head: [UInt8] = isLong ? [1, 0, 0, 1] : [0, 0, 0, 0]
        // The first item is the preview, which is turned another way.
        let ipma = box("ipma", head + big(2, 4) + entry(1, [1, 2, 2]) + entry(2, [1] + numbers))
        let meta = big(0, 4) + box("pitm", big(0, 4) + big(2, 2)) + box("iprp", ipco + ipma)
        return box("ftyp", Array("avif".utf8) + big(0, 4) + Array("avifmif1".utf8)) + box("meta", meta)
    }

    private func irot(_ quarters: UInt8) -> [UInt8] { TestPicture.big(9, 4) + Array("irot".utf8) + [quarters] }
    private func imir(_ axis: UInt8) -> [UInt8] { TestPicture.big(9, 4) + Array("imir".utf8) + [axis] }

    /// As libavif writes the eight orientations of Exif: quarters counter-clockwise, then the axis of a mirror.
    private static let pairs: [(UInt8, quarters: UInt8, axis: UInt8?)] = [
        (1, 0, nil), (2, 0, 1), (3, 2, nil), (4, 0, 0), (5, 1, 0), (6, 3, nil), (7, 3, 0), (8, 1, nil),
    ]

    @Test("The turn and the mirror of an AVIF's own item count", arguments: [false, true])
    func isoMedia(isLong: Bool) throws {
        for (value, quarters, axis) in Self.pairs {
            let turns = [irot(quarters)] + (axis.map { [imir($0)] } ?? [])
            let numbers = (0..<turns.count).map { UInt8(3 + $0) }
            let file = avif([irot(1)] + turns, numbers, isLong: isLong)
            let header = try #require(PictureDecoder.inspect(file).header)
            #expect(header.orientation.rawValue == value, "\(quarters) quarters, axis \(axis ?? 9)")
            #expect([header.displayWidth, header.displayHeight] == (value >= 5 ? [480, 640] : [640, 480]))
        }
        #expect(PictureDecoder.inspect(avif([irot(1)], [])).header?.orientation == .up)
    }

    @Test("Turns and mirrors are done in the order of the item, as pixels would be")
    func order() throws {
        let picture = try TestPicture.pixmap(5, 3)
        let steps: [([UInt8], Orientation)] = [
            (irot(1), .left), (irot(2), .down), (irot(3), .right), (imir(0), .downMirrored), (imir(1), .upMirrored),
        ]
        for (first, one) in steps {
            for (second, two) in steps {
                let header = try #require(PictureDecoder.inspect(avif([first, second], [2, 3])).header)
                #expect(picture.oriented(header.orientation) == picture.oriented(one).oriented(two))
                let back = try #require(PictureDecoder.inspect(avif([first, second], [3, 2])).header)
                #expect(picture.oriented(back.orientation) == picture.oriented(two).oriented(one))
            }
        }
    }
}
