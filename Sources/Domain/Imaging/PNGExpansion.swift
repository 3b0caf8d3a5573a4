import CPixels

/// Turns PNG rows of any colour type and depth, their filters undone, into RGBA of 8 bits (W3C PNG §13.12).
///
/// Of 16 bits the upper 8 count; fewer than 8 are spread over the range.
struct PNGExpansion {
    private let image: PNGImage

    init(_ image: PNGImage) {
        self.image = image
    }

    /// Writes the `width` pixels of the row at `source` to `row`; `false` when one has a colour that is not there.
    func expand(_ source: UnsafePointer<UInt8>, into row: UnsafeMutablePointer<UInt32>) -> Bool {
        let width = image.width
        switch (image.colour, image.depth) {
        case (3, 8):
            guard pixels_are_below(source, width, UInt32(image.colours)) != 0 else { return false }
            image.palette.withUnsafeBufferPointer { palette in
                for x in 0..<width { row[x] = palette[Int(source[x])].littleEndian }
            }
        case (3, _):
            if image.colours < 1 << image.depth {
                for x in 0..<width where Int(sample(source, x)) >= image.colours { return false }
            }
            image.palette.withUnsafeBufferPointer { palette in
                for x in 0..<width { row[x] = palette[Int(sample(source, x))].littleEndian }
            }
        case (0, 16):
            for x in 0..<width {
                let value = wide(source, x)
                row[x] = grey(UInt32(value >> 8), alpha: image.clear.first == value ? 0 : 255)
            }
        case (0, _):
            let scale: UInt32 = 255 / (1 << UInt32(image.depth) - 1)
            for x in 0..<width {
                let value = sample(source, x)
                row[x] = grey(UInt32(value) * scale, alpha: image.clear.first == UInt16(value) ? 0 : 255)
            }
        case (4, 8): for x in 0..<width { row[x] = grey(UInt32(source[2 * x]), alpha: UInt32(source[2 * x + 1])) }
        case (4, _): for x in 0..<width { row[x] = grey(UInt32(source[4 * x]), alpha: UInt32(source[4 * x + 2])) }
        case (2, 8):
            for x in 0..<width {
                let (red, green, blue) = (source[3 * x], source[3 * x + 1], source[3 * x + 2])
                let isClear = isClear(UInt16(red), UInt16(green), UInt16(blue))
                row[x] = word(red, green, blue, isClear ? 0 : 255)
            }
        case (2, _):
            for x in 0..<width {
                let isClear = isClear(wide(source, 3 * x), wide(source, 3 * x + 1), wide(source, 3 * x + 2))
                row[x] = word(source[6 * x], source[6 * x + 2], source[6 * x + 4], isClear ? 0 : 255)
            }
        case (_, 8):
            for x in 0..<width {
                row[x] = word(source[4 * x], source[4 * x + 1], source[4 * x + 2], source[4 * x + 3])
            }
        default:
            for x in 0..<width {
                row[x] = word(source[8 * x], source[8 * x + 2], source[8 * x + 4], source[8 * x + 6])
            }
        }
        return true
    }

    /// The sample number `index` of at most 8 bits; the first ones are the highest bits of a byte.
    @inline(__always)
    private func sample(_ source: UnsafePointer<UInt8>, _ index: Int) -> UInt8 {
        let depth = image.depth
        if depth == 8 { return source[index] }
        let bit = index &* depth
        return source[bit >> 3] >> UInt8(8 - depth - bit & 7) & (1 << UInt8(depth) - 1)
    }

    @inline(__always)
    private func wide(_ source: UnsafePointer<UInt8>, _ index: Int) -> UInt16 {
        UInt16(source[2 * index]) << 8 | UInt16(source[2 * index + 1])
    }

    @inline(__always)
    private func isClear(_ red: UInt16, _ green: UInt16, _ blue: UInt16) -> Bool {
        image.clear.count == 3 && image.clear[0] == red && image.clear[1] == green && image.clear[2] == blue
    }

    @inline(__always)
    private func grey(_ value: UInt32, alpha: UInt32) -> UInt32 { (value &* 0x010101 | alpha << 24).littleEndian }

    @inline(__always)
    private func word(_ red: UInt8, _ green: UInt8, _ blue: UInt8, _ alpha: UInt8) -> UInt32 {
        (UInt32(red) | UInt32(green) << 8 | UInt32(blue) << 16 | UInt32(alpha) << 24).littleEndian
    }
}
