/// A frame of an animated WebP (RFC 9649 §2.7.1.1): a picture of its own that lies somewhere on the canvas.
struct WebPFrame {
    /// How many chunks are looked at for a frame.
    private static let chunksLimit = 256

    /// Where its upper left corner lies on the canvas, in pixels.
    private let x: Int
    private let y: Int
    private let width: Int
    private let height: Int
    /// The chunks of its picture, as libwebp reads them without a file around them.
    private let chunks: [UInt8]

    /// The first frame of the file in `bytes`; `nil` when there is none or it is cut off.
    init?(firstOf bytes: [UInt8]) {
        guard bytes.count >= 12, let frame = Self.find("ANMF", in: 12..<bytes.count, bytes), frame.count >= 16 else {
            return nil
        }
        let number = { (offset: Int) in
            (0..<3).reduce(0) { $0 | Int(bytes[frame.lowerBound + offset + $1]) << (8 * $1) }
        }
        // Alpha stands before the colours of a lossy picture; a lossless one holds both.
        let content = frame.lowerBound + 16..<frame.upperBound
        guard
            let start = ["ALPH", "VP8 ", "VP8L"].compactMap({ Self.find($0, in: content, bytes)?.lowerBound }).min()
        else { return nil }
        x = 2 * number(0)
        y = 2 * number(3)
        width = number(6) + 1
        height = number(9) + 1
        chunks = Array(bytes[start - 8..<content.upperBound])
    }

    /// The canvas with this frame alone, scaled to `target`; it is clear where the frame does not lie.
    ///
    /// Throws `corrupt` when the frame reaches over the edge of the canvas, so none is larger than that.
    func decode(
        on canvas: (width: Int, height: Int),
        _ target: (width: Int, height: Int)
    ) throws(PictureError) -> Pixmap {
        guard x + width <= canvas.width, y + height <= canvas.height else {
            throw .corrupt("a frame over the edge of its canvas")
        }
        let left = x * target.width / canvas.width
        let top = y * target.height / canvas.height
        let right = min(target.width, ((x + width) * target.width - 1) / canvas.width + 1)
        let bottom = min(target.height, ((y + height) * target.height - 1) / canvas.height + 1)
        let size = (width: min(width, right - left), height: min(height, bottom - top))
        let picture = try WebPPicture.decodeStill(chunks, (width, height), size)
        if size == target { return picture }
        var pixels = [UInt8](repeating: 0, count: 4 * target.width * target.height)
        for row in 0..<size.height {
            let start = 4 * ((top + row) * target.width + left)
            let line = picture.pixels[4 * row * size.width..<4 * (row + 1) * size.width]
            pixels.replaceSubrange(start..<start + line.count, with: line)
        }
        guard let placed = Pixmap(width: target.width, height: target.height, pixels: pixels) else {
            throw .failed("the decoded size does not fit")
        }
        return placed
    }

    /// The content of the first chunk of this name in `range`, whose header is the 8 bytes before it.
    private static func find(_ name: String, in range: Range<Int>, _ bytes: [UInt8]) -> Range<Int>? {
        var offset = range.lowerBound
        for _ in 0..<chunksLimit where offset <= range.upperBound - 8 {
            let length = (4..<8).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * ($1 - 4)) }
            let start = offset + 8
            guard length <= range.upperBound - start else { return nil }
            if bytes[offset..<offset + 4].elementsEqual(name.utf8) { return start..<start + length }
            offset = start + length + length & 1
        }
        return nil
    }
}
