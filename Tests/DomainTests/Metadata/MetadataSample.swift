import CZlib
import Testing

@testable import Domain

/// Files with metadata, put together byte by byte.
struct MetadataSample: CustomTestStringConvertible, Sendable {
    var name: String
    var type: MediaType
    var bytes: [UInt8]
    var testDescription: String { name }

    static func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }

    /// The metadata of a file that is wholly in memory.
    static func read(_ bytes: [UInt8], _ type: MediaType) -> EmbeddedMetadata {
        bytes.withUnsafeBytes { bytes in
            var source = ByteSource(bytes)
            return EmbeddedMetadata.read(&source, type: type)
        }
    }

    /// A zlib stream.
    static func packed(_ bytes: [UInt8]) -> [UInt8] {
        var length = compressBound(uLong(bytes.count))
        var result = [UInt8](repeating: 0, count: Int(length))
        _ = compress2(&result, &length, bytes, uLong(bytes.count), 9)
        return Array(result.prefix(Int(length)))
    }

    /// A PNG of one pixel; `before` stands before its pixels and `after` behind them.
    static func png(
        before: [(String, [UInt8])] = [],
        pixels: [[UInt8]] = [[1, 2, 3]],
        after: [(String, [UInt8])] = [],
        colour: UInt8 = 2
    ) -> [UInt8] {
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        let header = TestPicture.big(512, 4) + TestPicture.big(768, 4) + [8, colour, 0, 0, 0]
        let chunks = [("IHDR", header)] + before + pixels.map { ("IDAT", $0) } + after + [("IEND", [])]
        // The checksum is wrong on purpose: it does not matter.
        for (name, body) in chunks { file += TestPicture.big(body.count, 4) + ascii(name) + body + [9, 9, 9, 9] }
        return file
    }

    static func text(_ key: String, _ text: [UInt8]) -> (String, [UInt8]) { ("tEXt", ascii(key) + [0] + text) }

    static func packedText(_ key: String, _ text: [UInt8]) -> (String, [UInt8]) {
        ("zTXt", ascii(key) + [0, 0] + packed(text))
    }

    static func internationalText(_ key: String, _ text: String, isPacked: Bool = false) -> (String, [UInt8]) {
        let body = isPacked ? packed(ascii(text)) : ascii(text)
        return ("iTXt", ascii(key) + [0, isPacked ? 1 : 0, 0] + ascii("en\0Schl\u{FC}ssel\0") + body)
    }

    /// A JPEG of segments, then a frame header of 40 x 24 and a scan.
    static func jpeg(_ segments: [(UInt8, [UInt8])]) -> [UInt8] {
        var file: [UInt8] = [0xFF, 0xD8]
        for (marker, body) in segments { file += [0xFF, marker] + TestPicture.big(body.count + 2, 2) + body }
        return file + [0xFF, 0xC2, 0, 8, 8, 0, 24, 0, 40, 0xFF, 0xDA, 0, 2, 0xFF, 0xFE, 0, 4, 65, 65, 0xFF, 0xD9]
    }

    /// A WebP of an extended header with these flags and further chunks.
    static func webP(flags: UInt8, _ chunks: [(String, [UInt8])]) -> [UInt8] {
        let header = [flags, 0, 0, 0] + TestPicture.little(299, 3) + TestPicture.little(199, 3)
        var body = ascii("WEBP")
        for (name, content) in [("VP8X", header)] + chunks {
            body += ascii(name) + TestPicture.little(content.count, 4) + content + (content.count % 2 == 1 ? [0] : [])
        }
        return ascii("RIFF") + TestPicture.little(body.count, 4) + body
    }

    static func box(_ type: String, _ body: [UInt8]) -> [UInt8] {
        TestPicture.big(body.count + 8, 4) + type.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } + body
    }

    /// An element of EBML with a length of 4 bytes.
    static func element(_ id: Int, _ body: [UInt8]) -> [UInt8] {
        let length = id > 0xFF_FFFF ? 4 : id > 0xFFFF ? 3 : id > 0xFF ? 2 : 1
        return TestPicture.big(id, length) + TestPicture.big(0x1000_0000 | body.count, 4) + body
    }
}
