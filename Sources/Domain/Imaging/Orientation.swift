/// How a stored picture must be turned to be seen upright (Exif 2.32, tag 0x0112).
///
/// The name says where the first stored row belongs, as in Exif's own table.
package enum Orientation: UInt8, CaseIterable, Sendable {
    /// Stored upright.
    case up = 1
    case upMirrored = 2
    /// Turned by half a circle.
    case down = 3
    case downMirrored = 4
    case leftMirrored = 5
    /// Must be turned a quarter clockwise.
    case right = 6
    case rightMirrored = 7
    /// Must be turned a quarter counter-clockwise.
    case left = 8

    /// Whether width and height change places.
    package var swapsSides: Bool { rawValue >= 5 }

    /// Where the displayed pixel (x, y) is stored, in a stored picture of the given sides.
    func source(x: Int, y: Int, width: Int, height: Int) -> (x: Int, y: Int) {
        switch self {
        case .up: (x, y)
        case .upMirrored: (width - 1 - x, y)
        case .down: (width - 1 - x, height - 1 - y)
        case .downMirrored: (x, height - 1 - y)
        case .leftMirrored: (y, x)
        case .right: (y, height - 1 - x)
        case .rightMirrored: (width - 1 - y, height - 1 - x)
        case .left: (width - 1 - y, x)
        }
    }
}
