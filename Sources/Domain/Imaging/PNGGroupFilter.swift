import CPixels

/// Undoes the filters of several PNG rows of 8-bit colours at once, and writes RGBA (W3C PNG §9.2).
///
/// What a pixel becomes hangs on the one to its left, so a row for itself leaves a processor waiting. Here each row goes
/// one pixel behind the one above it, which then knows all that it looks at, and a pixel of each is one vector.
struct PNGGroupFilter {
    /// How many rows are undone together.
    static let count = Int(PIXELS_ROWS)

    /// Bytes of a stored pixel: 3 or 4.
    let step: Int
    let width: Int

    /// Undoes ``count`` stored rows, each behind the byte of its filter and `stride` bytes after the one before.
    ///
    /// They are written to `rows`, one behind the other; `above` is the row above, as written here. `source` needs a
    /// readable byte behind its last pixel when ``step`` is 3. `false` when one has a filter that does not exist.
    func undo(
        _ source: UnsafePointer<UInt8>,
        stride: Int,
        above: UnsafePointer<UInt8>,
        into rows: UnsafeMutablePointer<UInt8>
    ) -> Bool {
        for index in 0..<Self.count where source[index * stride] > 4 { return false }
        pixels_undo(source, stride, step, width, above, rows)
        return true
    }
}
