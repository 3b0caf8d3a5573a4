/// Undoes the filters of four PNG rows of 8-bit colours at once, and writes RGBA (W3C PNG §9.2).
///
/// What a pixel becomes hangs on the one to its left, so a row for itself leaves a processor waiting. Here each row goes
/// one pixel behind the one above it, which then knows all that it looks at, and four pixels are one vector.
struct PNGQuadFilter {
    /// Bytes of a stored pixel: 3 or 4.
    let step: Int
    let width: Int

    /// Undoes four stored rows, each behind the byte of its filter and `stride` bytes after the one before.
    ///
    /// They are written to `rows`, one behind the other; `above` is the row above, as written here. `source` needs a
    /// readable byte behind its last pixel when ``step`` is 3. `false` when one has a filter that does not exist.
    func undo(
        _ source: UnsafeMutablePointer<UInt8>,
        stride: Int,
        above: UnsafeRawPointer,
        into rows: UnsafeMutableRawPointer
    ) -> Bool {
        let types = SIMD4(source[0], source[stride], source[2 * stride], source[3 * stride])
        guard types.max() <= 4 else { return false }
        let stored = UnsafeRawPointer(source + 1)
        if types.min() == 4 {
            walk(stored, stride, above, rows) { left, above, corner in Self.paeth(left, above, corner) }
            return true
        }
        let (isLeft, isAbove) = (Self.mask(types, 1), Self.mask(types, 2))
        let (isMean, isPaeth) = (Self.mask(types, 3), Self.mask(types, 4))
        walk(stored, stride, above, rows) { left, above, corner in
            (left & isLeft) | (above & isAbove) | (((left &+ above) &>> 1) & isMean)
                | (Self.paeth(left, above, corner) & isPaeth)
        }
        return true
    }

    private typealias Pixel = SIMD4<UInt8>
    /// Four pixels, that of the uppermost row first.
    private typealias Pixels = SIMD16<Int16>

    /// All bits of the rows whose filter is `type`.
    private static func mask(_ types: SIMD4<UInt8>, _ type: UInt8) -> Pixels {
        var mask = Pixels.zero
        for index in 0..<16 where types[index / 4] == type { mask[index] = -1 }
        return mask
    }

    /// Goes over the rows; `predict` tells what filters add to pixels, from those left, above and above left of them.
    @inline(__always)
    private func walk(
        _ source: UnsafeRawPointer,
        _ stride: Int,
        _ above: UnsafeRawPointer,
        _ rows: UnsafeMutableRawPointer,
        _ predict: (_ left: Pixels, _ above: Pixels, _ corner: Pixels) -> Pixels
    ) {
        let length = 4 * width
        let alpha = Pixel(0, 0, 0, step == 3 ? 255 : 0)
        var left = Pixels.zero
        var up = Pixels.zero
        for x in 0..<width + 3 {
            // Row `index` is at pixel x - index; at both ends some rows are not there.
            let isInside = x >= 3 && x < width
            let load = { (index: Int) in
                isInside || (x >= index && x - index < width)
                    ? source.loadUnaligned(fromByteOffset: index &* stride &+ step &* (x &- index), as: Pixel.self)
                    : Pixel.zero
            }
            let first = isInside || x < width ? above.loadUnaligned(fromByteOffset: 4 &* x, as: Pixel.self) : .zero
            let stored = SIMD16(
                lowHalf: SIMD8(lowHalf: load(0), highHalf: load(1)),
                highHalf: SIMD8(lowHalf: load(2), highHalf: load(3))
            )
            // Each row's pixel to the left is what the row below it has above now, and above left the next time.
            let corner = up
            up = Pixels(
                lowHalf: SIMD8(lowHalf: SIMD4(truncatingIfNeeded: first), highHalf: left.lowHalf.lowHalf),
                highHalf: SIMD8(lowHalf: left.lowHalf.highHalf, highHalf: left.highHalf.lowHalf)
            )
            left = (Pixels(truncatingIfNeeded: stored) &+ predict(left, up, corner)) & 255
            if !isInside {
                for index in 0..<4 where x < index || x - index >= width {
                    for channel in 0..<4 { left[4 * index + channel] = 0 }
                }
            }
            let pixels = SIMD16<UInt8>(truncatingIfNeeded: left)
            let store = { (index: Int, pixel: Pixel) in
                guard isInside || (x >= index && x - index < width) else { return }
                rows.storeBytes(of: pixel | alpha, toByteOffset: index &* length &+ 4 &* (x &- index), as: Pixel.self)
            }
            store(0, pixels.lowHalf.lowHalf)
            store(1, pixels.lowHalf.highHalf)
            store(2, pixels.highHalf.lowHalf)
            store(3, pixels.highHalf.highHalf)
        }
    }

    /// Whichever of left, above and above left is nearest to left + above - above left.
    @inline(__always)
    private static func paeth(_ left: Pixels, _ above: Pixels, _ corner: Pixels) -> Pixels {
        let (alongAbove, alongLeft) = (above &- corner, left &- corner)
        let (toLeft, toAbove) = (magnitude(alongAbove), magnitude(alongLeft))
        let toCorner = magnitude(alongAbove &+ alongLeft)
        let nearest = corner.replacing(with: above, where: toAbove .<= toCorner)
        return nearest.replacing(with: left, where: (toLeft .<= toAbove) .& (toLeft .<= toCorner))
    }

    @inline(__always)
    private static func magnitude(_ value: Pixels) -> Pixels {
        let sign = value &>> 15
        return (value ^ sign) &- sign
    }
}
