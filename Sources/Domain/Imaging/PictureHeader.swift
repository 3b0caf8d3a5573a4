/// How large a picture is and how it lies, read from its header alone.
package struct PictureHeader: Hashable, Sendable {
    /// Pixels as stored.
    package var width: Int
    package var height: Int
    package var orientation = Orientation.up
    /// Whether a decoder must hold the whole picture: progressive JPEG, interlaced PNG, lossless WebP.
    package var isBuffered = false

    /// Pixels as displayed.
    package var displayWidth: Int { orientation.swapsSides ? height : width }
    package var displayHeight: Int { orientation.swapsSides ? width : height }

    init?(width: Int, height: Int, orientation: Orientation = .up, isBuffered: Bool = false) {
        guard width > 0, height > 0, width <= Int32.max, height <= Int32.max else { return nil }
        self.width = width
        self.height = height
        self.orientation = orientation
        self.isBuffered = isBuffered
    }

    /// Reads the header of a picture of the given type.
    ///
    /// Answers `nil` for a type without dimensions we can read, and for a header that is cut off or wrong.
    init?(_ source: inout ByteSource, type: MediaType) {
        let header: PictureHeader? =
            switch type {
            case .png: Self.png(&source)
            case .jpeg: Self.jpeg(&source)
            case .webp: Self.webP(&source)
            case .gif: Self.gif(&source)
            case .bmp: Self.bmp(&source)
            case .tiff: Self.tiff(&source)
            case .avif, .heic: Self.isoMedia(&source)
            default: nil
            }
        guard let header else { return nil }
        self = header
    }

    /// PNG (W3C PNG §11.2.2): the signature, then IHDR.
    private static func png(_ source: inout ByteSource) -> PictureHeader? {
        guard source.big(8, 4) == 13, source.has("IHDR", at: 12), let width = source.big(16, 4),
            let height = source.big(20, 4), let depth = source.byte(24), let colour = source.byte(25),
            let interlace = source.byte(28), source.big(29, 4) != nil
        else { return nil }
        let depths: [UInt8]
        switch colour {
        case 0: depths = [1, 2, 4, 8, 16]
        case 3: depths = [1, 2, 4, 8]
        case 2, 4, 6: depths = [8, 16]
        default: return nil
        }
        guard depths.contains(depth), interlace <= 1 else { return nil }
        return PictureHeader(
            width: width,
            height: height,
            orientation: pngOrientation(&source) ?? .up,
            isBuffered: interlace == 1
        )
    }

    /// WebP (RFC 9649 §2): lossy, lossless or extended, told by the first chunk.
    private static func webP(_ source: inout ByteSource) -> PictureHeader? {
        if source.has("VP8 ", at: 12) {
            guard let tag = source.big(23, 3), tag == 0x9D012A, let width = source.little(26, 2),
                let height = source.little(28, 2)
            else { return nil }
            return PictureHeader(width: width & 0x3FFF, height: height & 0x3FFF)
        }
        if source.has("VP8L", at: 12) {
            guard source.byte(20) == 0x2F, let bits = source.little(21, 4) else { return nil }
            return PictureHeader(width: bits & 0x3FFF + 1, height: bits >> 14 & 0x3FFF + 1, isBuffered: true)
        }
        guard source.has("VP8X", at: 12), let width = source.little(24, 3), let height = source.little(27, 3) else {
            return nil
        }
        // What kind of picture follows stands behind chunks of any length: expect the costlier one.
        return PictureHeader(
            width: width + 1,
            height: height + 1,
            orientation: webPOrientation(&source) ?? .up,
            isBuffered: true
        )
    }

    /// GIF (GIF89a §18): the logical screen.
    private static func gif(_ source: inout ByteSource) -> PictureHeader? {
        guard let width = source.little(6, 2), let height = source.little(8, 2), source.byte(12) != nil else {
            return nil
        }
        return PictureHeader(width: width, height: height)
    }

    /// BMP: the old header with 16-bit sides, or one with signed 32-bit sides; a negative height is top-down.
    private static func bmp(_ source: inout ByteSource) -> PictureHeader? {
        guard let length = source.little(14, 4) else { return nil }
        if length == 12 {
            guard let width = source.little(18, 2), let height = source.little(20, 2) else { return nil }
            return PictureHeader(width: width, height: height)
        }
        guard let width = source.little(18, 4), let height = source.little(22, 4), source.little(26, 4) != nil else {
            return nil
        }
        return PictureHeader(width: width, height: Int(Int32(truncatingIfNeeded: height)).magnitude.asInt)
    }
}

extension UInt {
    /// The value as an `Int`; only for magnitudes of 32-bit numbers.
    fileprivate var asInt: Int { Int(clamping: self) }
}
