import CDeflate

/// A text in the lowest bits of a picture's pixels ("stealth pnginfo").
///
///     signature, 15 bytes | number of bits, 32, big-endian | text, or gzip of it
///
/// Bits come highest first, column by column from the top. Alpha holds one bit a pixel (`stealth_pnginfo`, or
/// `stealth_pngcomp` with gzip), colours three, red first (`stealth_rgbinfo`, `stealth_rgbcomp`).
enum HiddenText {
    /// The longest text, in bytes, unpacked.
    static let lengthLimit = 4 << 20

    /// The text; `nil` when there is none, when its length is a lie, and when it is too long or damaged.
    static func read(_ pixels: Pixmap) -> String? {
        read(pixels, isColour: false, plain: "stealth_pnginfo", packed: "stealth_pngcomp")
            ?? read(pixels, isColour: true, plain: "stealth_rgbinfo", packed: "stealth_rgbcomp")
    }

    private static func read(_ pixels: Pixmap, isColour: Bool, plain: String, packed: String) -> String? {
        var bits = HiddenBits(pixels, isColour: isColour)
        guard let signature = bits.bytes(plain.utf8.count) else { return nil }
        let isPacked = signature.elementsEqual(packed.utf8)
        guard isPacked || signature.elementsEqual(plain.utf8), let length = bits.bytes(4) else { return nil }
        let count = length.reduce(0) { $0 << 8 | Int($1) } / 8
        guard count > 0, count <= lengthLimit, let body = bits.bytes(count) else { return nil }
        guard let text = isPacked ? unpacked(body) : body else { return nil }
        return String(validating: text, as: UTF8.self)
    }

    /// What a gzip file of one member holds (RFC 1952), when it is no longer than allowed.
    private static func unpacked(_ body: [UInt8]) -> [UInt8]? {
        guard body.count >= 18 else { return nil }
        let size = body.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        guard size > 0, size <= lengthLimit, let decompressor = libdeflate_alloc_decompressor() else { return nil }
        defer { libdeflate_free_decompressor(decompressor) }
        var isWhole = false
        let text = [UInt8](unsafeUninitializedCapacity: size) { output, count in
            var written = 0
            let result = libdeflate_gzip_decompress(
                decompressor,
                body,
                body.count,
                output.baseAddress,
                size,
                &written
            )
            isWhole = result == LIBDEFLATE_SUCCESS
            count = isWhole ? written : 0
        }
        return isWhole ? text : nil
    }
}

/// The lowest bits of pixels, column by column.
private struct HiddenBits {
    private let pixels: Pixmap
    private let perPixel: Int
    private let offset: Int
    private var next = 0

    init(_ pixels: Pixmap, isColour: Bool) {
        self.pixels = pixels
        perPixel = isColour ? 3 : 1
        offset = isColour ? 0 : 3
    }

    /// The next bytes; `nil` when the picture ends before.
    mutating func bytes(_ count: Int) -> [UInt8]? {
        guard count <= (pixels.width * pixels.height * perPixel - next) / 8 else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(count)
        pixels.pixels.withUnsafeBufferPointer { values in
            for _ in 0..<count {
                var byte: UInt8 = 0
                for _ in 0..<8 {
                    let (pixel, channel) = next.quotientAndRemainder(dividingBy: perPixel)
                    let (x, y) = pixel.quotientAndRemainder(dividingBy: pixels.height)
                    byte = byte << 1 | values[4 * (y * pixels.width + x) + offset + channel] & 1
                    next += 1
                }
                result.append(byte)
            }
        }
        return result
    }
}
