/// Undoes the filters of PNG rows of 8-bit colours, a pixel at a time, and writes RGBA (W3C PNG §9.2).
///
/// Rows of RGB and of RGBA, by far the most there are, become RGBA while their filters are undone: the row above is
/// taken as RGBA too. Each byte is filtered for itself, so the four of a pixel are done as one vector.
struct PNGPixelFilter {
    /// Bytes of a stored pixel: 3 or 4.
    let step: Int
    let width: Int

    /// Undoes the filter `type` of the stored row at `source` into `row`; `above` is the row above, as written here.
    ///
    /// `source` needs a readable byte behind its last pixel when ``step`` is 3. `false` for a filter that does not
    /// exist.
    func undo(
        _ type: UInt8,
        _ source: UnsafeRawPointer,
        above: UnsafeRawPointer,
        into row: UnsafeMutableRawPointer
    ) -> Bool {
        switch type {
        case 0: each(source, above, row) { stored, _, _, _ in stored }
        case 1: each(source, above, row) { stored, left, _, _ in stored &+ left }
        case 2: each(source, above, row) { stored, _, above, _ in stored &+ above }
        case 3: each(source, above, row) { stored, left, above, _ in stored &+ Self.mean(left, above) }
        case 4: each(source, above, row) { stored, left, above, corner in stored &+ Self.paeth(left, above, corner) }
        default: return false
        }
        return true
    }

    private typealias Pixel = SIMD4<UInt8>

    /// Walks over a row with the pixel itself, and those to the left, above, and above left as they came out.
    @inline(__always)
    private func each(
        _ source: UnsafeRawPointer,
        _ above: UnsafeRawPointer,
        _ row: UnsafeMutableRawPointer,
        _ undo: (_ stored: Pixel, _ left: Pixel, _ above: Pixel, _ corner: Pixel) -> Pixel
    ) {
        var left = Pixel.zero
        var corner = Pixel.zero
        // The alpha of RGB is a byte of the next pixel; whatever comes of it is overwritten.
        let alpha: UInt32 = step == 3 ? 0xFF00_0000 : 0
        if step == 3 {
            for x in 0..<width {
                let stored = source.loadUnaligned(fromByteOffset: 3 &* x, as: Pixel.self)
                let up = above.loadUnaligned(fromByteOffset: 4 &* x, as: Pixel.self)
                left = undo(stored, left, up, corner)
                corner = up
                let word = unsafeBitCast(left, to: UInt32.self) | alpha.littleEndian
                row.storeBytes(of: word, toByteOffset: 4 &* x, as: UInt32.self)
            }
        } else {
            for x in 0..<width {
                let stored = source.loadUnaligned(fromByteOffset: 4 &* x, as: Pixel.self)
                let up = above.loadUnaligned(fromByteOffset: 4 &* x, as: Pixel.self)
                left = undo(stored, left, up, corner)
                corner = up
                row.storeBytes(of: left, toByteOffset: 4 &* x, as: Pixel.self)
            }
        }
    }

    /// The mean of two, rounded down.
    @inline(__always)
    private static func mean(_ left: Pixel, _ above: Pixel) -> Pixel { (left & above) &+ ((left ^ above) &>> 1) }

    /// Whichever of left, above and above left is nearest to left + above - above left.
    @inline(__always)
    private static func paeth(_ left: Pixel, _ above: Pixel, _ corner: Pixel) -> Pixel {
        let (a, b, c) = (wide(left), wide(above), wide(corner))
        let (alongAbove, alongLeft) = (b &- c, a &- c)
        let (toLeft, toAbove) = (magnitude(alongAbove), magnitude(alongLeft))
        let toCorner = magnitude(alongAbove &+ alongLeft)
        let nearest = c.replacing(with: b, where: toAbove .<= toCorner)
        let isLeft = (toLeft .<= toAbove) .& (toLeft .<= toCorner)
        return Pixel(truncatingIfNeeded: nearest.replacing(with: a, where: isLeft))
    }

    @inline(__always)
    private static func wide(_ pixel: Pixel) -> SIMD4<Int16> { SIMD4<Int16>(truncatingIfNeeded: pixel) }

    @inline(__always)
    private static func magnitude(_ value: SIMD4<Int16>) -> SIMD4<Int16> {
        let sign = value &>> 15
        return (value ^ sign) &- sign
    }
}
