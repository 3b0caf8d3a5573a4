import Testing

@testable import Domain

/// Headers of the formats, whole and broken.
struct PictureHeaderTests {
    struct Sample: CustomTestStringConvertible, Sendable {
        var name: String
        var bytes: [UInt8]
        var type: MediaType
        /// As displayed.
        var size: [Int]
        var testDescription: String { name }
    }

    static func samples() throws -> [Sample] {
        let big = TestPicture.big
        let little = TestPicture.little
        let ascii = { (text: String) in Array(text.utf8) }
        let ispe = { (width: Int, height: Int) in
            big(20, 4) + ascii("ispe") + big(0, 4) + big(width, 4) + big(height, 4)
        }
        func avif(_ properties: [UInt8]) -> [UInt8] {
            let ipco = big(8 + properties.count, 4) + ascii("ipco") + properties
            let iprp = big(8 + ipco.count, 4) + ascii("iprp") + ipco
            let meta = big(12 + iprp.count, 4) + ascii("meta") + big(0, 4) + iprp
            return big(24, 4) + ascii("ftypavif") + big(0, 4) + ascii("avifmif1") + meta
        }
        let irot = big(9, 4) + ascii("irot") + [1]
        let tiff = { (isBig: Bool) -> [UInt8] in
            let n = isBig ? big : little
            return ascii(isBig ? "MM" : "II") + n(42, 2) + n(8, 4) + n(3, 2) + n(0x100, 2) + n(4, 2) + n(1, 4)
                + n(70, 4)
                + n(0x101, 2) + n(3, 2) + n(1, 4) + n(30, 2) + n(0, 2) + n(0x112, 2) + n(3, 2) + n(1, 4) + n(8, 2)
                + n(0, 2)
        }
        let bmp = { (height: Int) in
            ascii("BM") + little(0, 4) + little(0, 4) + little(54, 4) + little(40, 4) + little(33, 4)
                + little(height, 4)
                + little(1, 2) + little(24, 2)
        }
        let vp8x = little(0x10, 4) + little(299, 3) + little(199, 3)
        let vp8l = [0x2F] + little(99 | 49 << 14, 4)
        return [
            Sample(name: "PNG", bytes: try TestPicture.png(17, 9), type: .png, size: [17, 9]),
            Sample(name: "JPEG", bytes: try TestPicture.jpeg(40, 24), type: .jpeg, size: [40, 24]),
            Sample(
                name: "JPEG, turned",
                bytes: try TestPicture.jpeg(40, 24, orientation: 6),
                type: .jpeg,
                size: [24, 40]
            ),
            Sample(
                name: "JPEG, fill bytes",
                bytes: [0xFF, 0xD8, 0xFF, 0xFF, 0xFF, 0xC2, 0, 8, 8, 0, 3, 0, 5, 1],
                type: .jpeg,
                size: [5, 3]
            ),
            Sample(name: "WebP, lossy", bytes: try TestPicture.webP(31, 21), type: .webp, size: [31, 21]),
            Sample(
                name: "WebP, lossless",
                bytes: ascii("RIFF") + little(17, 4) + ascii("WEBPVP8L") + little(5, 4) + vp8l,
                type: .webp,
                size: [100, 50]
            ),
            Sample(
                name: "WebP, extended",
                bytes: ascii("RIFF") + little(22, 4) + ascii("WEBPVP8X") + little(10, 4) + vp8x,
                type: .webp,
                size: [300, 200]
            ),
            Sample(
                name: "GIF",
                bytes: ascii("GIF89a") + little(12, 2) + little(8, 2) + [0, 0, 0],
                type: .gif,
                size: [12, 8]
            ),
            Sample(name: "BMP", bytes: bmp(22), type: .bmp, size: [33, 22]),
            Sample(name: "BMP, top-down", bytes: bmp(-22), type: .bmp, size: [33, 22]),
            Sample(name: "TIFF, big", bytes: tiff(true), type: .tiff, size: [30, 70]),
            Sample(name: "TIFF, little", bytes: tiff(false), type: .tiff, size: [30, 70]),
            Sample(name: "AVIF", bytes: avif(ispe(8, 8) + ispe(640, 480)), type: .avif, size: [640, 480]),
            Sample(name: "AVIF, turned", bytes: avif(ispe(640, 480) + irot), type: .avif, size: [480, 640]),
        ]
    }

    private func sizeOf(_ bytes: [UInt8]) -> [Int]? {
        PictureDecoder.inspect(bytes).header.map { [$0.displayWidth, $0.displayHeight] }
    }

    @Test("Type and size are read from the header", arguments: try samples())
    func good(_ sample: Sample) {
        #expect(PictureDecoder.inspect(sample.bytes).type == sample.type)
        #expect(sizeOf(sample.bytes) == sample.size)
    }

    @Test("A header cut off at any byte gives no size or the right one", arguments: try samples())
    func truncated(_ sample: Sample) {
        for length in 0..<sample.bytes.count {
            let size = sizeOf(Array(sample.bytes.prefix(length)))
            // A turn that stands behind the size may be cut off.
            #expect(size == nil || size == sample.size || size == sample.size.reversed(), "\(length) bytes")
        }
        #expect(sizeOf(Array(sample.bytes.prefix(8))) == nil)
    }

    @Test("Damaged headers never crash", arguments: try samples())
    func damaged(_ sample: Sample) {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            var bytes = Array(sample.bytes.prefix(400))
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let value = Bool.random(using: &generator) ? 0xFF : UInt8.random(in: 0...255, using: &generator)
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = value
            }
            let (_, header) = PictureDecoder.inspect(bytes)
            if let header { #expect(header.width > 0 && header.height > 0, "seed \(seed)") }
        }
    }

    @Test(
        "All eight orientations are read, others mean upright",
        arguments: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 255] as [UInt8]
    )
    func orientations(_ value: UInt8) throws {
        let header = PictureDecoder.inspect(try TestPicture.jpeg(16, 8, orientation: value)).header
        #expect(header?.orientation == Orientation(rawValue: value) ?? .up)
    }

    @Test(
        "Other library files are recognised by their first bytes",
        arguments: [
            ("OggS\0\0\0\0", MediaType.ogg), ("fLaC\0\0\0\0", .flac), ("ID3\u{4}\0\0\0", .mp3),
            ("RIFF\u{4}\0\0\0WAVEfmt ", .wav), ("RIFF\u{4}\0\0\0AVI LIST", .avi), ("GGUF\u{3}\0\0\0", .gguf),
            ("\0\0\0\u{18}ftypisom\0\0\0\0isommp42", .mp4), ("\0\0\0\u{14}ftypqt  \0\0\0\0qt  ", .quickTime),
            ("\0\0\0\u{14}ftypM4A \0\0\0\0M4A ", .m4a), ("\0\0\0\u{18}ftypmif1\0\0\0\0mif1heic", .heic),
            ("\u{2}\0\0\0\0\0\0\0{}", .safetensors),
            ("PK\u{3}\u{4}\u{14}\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\u{10}\0\0\0archive/data.pkl", .torch),
        ]
    )
    func others(_ text: String, _ type: MediaType) {
        #expect(PictureDecoder.inspect(Array(text.utf8)).type == type)
    }

    @Test(
        "Other files are none of the library's",
        arguments: [
            "", "a", "BMX is a kind of bicycle, not a picture", "{\"a\":1}", "GIF but not quite", "RIFF\0\0\0\0????",
            "<html></html>", "PK\u{3}\u{4} just an archive of something", "\u{ff}\0\0\0\0\0\0\0{}",
            "\u{2}\0\0\0\0\0\0\0xx",
        ]
    )
    func foreign(_ text: String) {
        #expect(PictureDecoder.inspect(Array(text.utf8)).type == nil)
    }

    @Test("A video's container tells WebM from Matroska")
    func matroska() {
        let start: [UInt8] = [0x1A, 0x45, 0xDF, 0xA3, 0x9F, 0x42, 0x82, 0x84]
        #expect(PictureDecoder.inspect(start + Array("webm".utf8)).type == .webM)
        #expect(PictureDecoder.inspect(start + Array("matroska".utf8)).type == .matroska)
    }
}
