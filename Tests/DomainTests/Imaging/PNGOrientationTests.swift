import Testing

@testable import Domain

/// `eXIf` of a PNG before its pixels and behind them (W3C PNG §11.3.4.5).
struct PNGOrientationTests {
    /// A grey picture of 4 x 2 whose pixels are cut into pieces, with chunks before and behind them.
    private func picture(before: [(String, [UInt8])] = [], after: [(String, [UInt8])] = []) -> [UInt8] {
        let whole = TestPicture.png(4, 2, depth: 8, colour: 0, rows: [0, 1, 2, 3, 4, 0, 5, 6, 7, 8])
        let data = Array(whole[41..<whole.count - 16])
        let pieces = stride(from: 0, to: data.count, by: 5).map { Array(data[$0..<min($0 + 5, data.count)]) }
        let body = before + pieces.map { ("IDAT", $0) } + after + [("IEND", [])]
        return Array(whole[..<33]) + body.flatMap { TestPicture.chunk($0.0, $0.1) }
    }

    @Test("The picture lies as the chunk says, wherever that stands")
    func places() throws {
        let exif = ("eXIf", TestPicture.exif(orientation: 6))
        let text = ("tEXt", Array("k\0v".utf8))
        for bytes in [
            picture(before: [exif]), picture(after: [exif]), picture(before: [text], after: [text, exif]),
        ] {
            let (type, header) = PictureDecoder.inspect(bytes)
            #expect(type == .png && header?.orientation == Orientation(rawValue: 6))
            #expect(header?.displayWidth == 2 && header?.displayHeight == 4)
            let metadata = bytes.withUnsafeBytes { bytes in
                var source = ByteSource(bytes)
                return EmbeddedMetadata.read(&source, type: .png)
            }
            #expect([metadata.width, metadata.height] == [2, 4] && !metadata.exif.isEmpty)
            let decoded = try PictureDecoder.decode(bytes, side: 64)
            #expect([decoded.width, decoded.height] == [2, 4])
        }
        #expect(PictureDecoder.inspect(picture()).1?.orientation == .up)
    }

    @Test("A comment behind the pixels is the text of the picture")
    func comment() throws {
        let index = try IndexUnderTest()
        let text = TestPicture.prompt("red castle")
        var sample = EXIFSample()
        sample.addComment(Array("ASCII\0\0\0".utf8) + Array(text.utf8))
        try index.write(picture(after: [("eXIf", sample.bytes)]), "x.png")
        try index.scan()
        #expect(try index.column("text", "x.png").map { (text: String) in text.hasPrefix("red castle\n") } == true)
    }

    @Test("Of very many pieces only some are looked at")
    func bounded() {
        let pieces = (0..<20_000).map { ("IDAT", [UInt8](repeating: 0, count: $0 % 2)) }
        let chunks = pieces + [("eXIf", TestPicture.exif(orientation: 6))]
        let bytes = Array(picture()[..<33]) + chunks.flatMap { TestPicture.chunk($0.0, $0.1) }
        #expect(PictureDecoder.inspect(bytes).1?.orientation == .up)
    }
}
