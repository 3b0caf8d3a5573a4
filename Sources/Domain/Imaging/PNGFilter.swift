/// Undoes the filters of PNG rows, byte by byte (W3C PNG §9.2).
enum PNGFilter {
    /// Undoes the filter `type` of the row at `row` in its place; `above` is the row above, undone already.
    ///
    /// `step` is how far left the byte lies that filters look at. `false` for a filter that does not exist.
    static func undo(
        _ type: UInt8,
        _ row: UnsafeMutablePointer<UInt8>,
        above: UnsafePointer<UInt8>,
        count: Int,
        step: Int
    ) -> Bool {
        switch type {
        case 0: break
        case 1:
            for index in stride(from: step, to: count, by: 1) { row[index] &+= row[index - step] }
        case 2:
            for index in 0..<count { row[index] &+= above[index] }
        case 3:
            for index in 0..<min(step, count) { row[index] &+= above[index] >> 1 }
            for index in stride(from: step, to: count, by: 1) {
                row[index] &+= UInt8(truncatingIfNeeded: (Int(row[index - step]) &+ Int(above[index])) >> 1)
            }
        case 4:
            for index in 0..<min(step, count) { row[index] &+= above[index] }
            for index in stride(from: step, to: count, by: 1) {
                row[index] &+= paeth(Int(row[index - step]), Int(above[index]), Int(above[index - step]))
            }
        default: return false
        }
        return true
    }

    /// Whichever of left, above and above left is nearest to left + above - above left.
    @inline(__always)
    private static func paeth(_ left: Int, _ above: Int, _ corner: Int) -> UInt8 {
        let (toLeft, toAbove) = (abs(above &- corner), abs(left &- corner))
        let toCorner = abs(left &+ above &- 2 &* corner)
        if toLeft <= toAbove, toLeft <= toCorner { return UInt8(truncatingIfNeeded: left) }
        return UInt8(truncatingIfNeeded: toAbove <= toCorner ? above : corner)
    }
}
