import CWebP

@testable import Domain

extension TestPicture {
    /// A frame of an animation: where it lies, and its chunks.
    struct Frame {
        var x = 0
        var y = 0
        var width: Int
        var height: Int
        var chunks: [UInt8]

        /// The picture in the bytes of a whole file, which an extended header may precede.
        init(x: Int = 0, y: Int = 0, _ width: Int, _ height: Int, file: [UInt8]) {
            (self.x, self.y, self.width, self.height) = (x, y, width, height)
            let isExtended = file[12..<16].elementsEqual("VP8X".utf8)
            chunks = Array(file[(isExtended ? 30 : 12)...])
        }
    }

    /// An animated WebP of so many pixels.
    static func animation(_ width: Int, _ height: Int, _ frames: [Frame]) -> [UInt8] {
        var chunks = riffChunk("ANIM", [255, 255, 255, 255, 0, 0])
        for frame in frames {
            let head =
                little(frame.x / 2, 3) + little(frame.y / 2, 3) + little(frame.width - 1, 3)
                + little(frame.height - 1, 3) + little(100, 3) + [0]
            chunks += riffChunk("ANMF", head + frame.chunks)
        }
        return extended(width, height, flags: 0x12, chunks)
    }

    /// A WebP with an Exif chunk behind its picture.
    static func webP(_ width: Int, _ height: Int, exif: [UInt8]) throws -> [UInt8] {
        let picture = Array(try webP(width, height)[12...])
        return extended(width, height, flags: 0x08, picture + riffChunk("EXIF", exif))
    }

    static func losslessWebP(_ width: Int, _ height: Int, alpha: UInt8 = 255) throws -> [UInt8] {
        var output: UnsafeMutablePointer<UInt8>?
        let pixels = try pixmap(width, height, alpha: alpha).pixels
        let count = WebPEncodeLosslessRGBA(pixels, Int32(width), Int32(height), Int32(4 * width), &output)
        let start = try require(output)
        defer { WebPFree(start) }
        return Array(UnsafeBufferPointer(start: start, count: count))
    }

    private static func extended(_ width: Int, _ height: Int, flags: UInt8, _ chunks: [UInt8]) -> [UInt8] {
        let head = riffChunk("VP8X", [flags, 0, 0, 0] + little(width - 1, 3) + little(height - 1, 3))
        let body = Array("WEBP".utf8) + head + chunks
        return Array("RIFF".utf8) + little(body.count, 4) + body
    }

    private static func riffChunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
        Array(name.utf8) + little(body.count, 4) + body + [UInt8](repeating: 0, count: body.count & 1)
    }
}
