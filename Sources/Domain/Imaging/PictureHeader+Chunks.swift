extension PictureHeader {
    /// How many chunks are looked at for an orientation.
    private static let chunksLimit = 128

    /// The orientation in the `eXIf` chunk of a PNG (W3C PNG §11.3.4.5), before the pixels or behind them.
    static func pngOrientation(_ source: inout ByteSource) -> Orientation? {
        var offset = 33
        for _ in 0..<chunksLimit {
            guard let length = source.big(offset, 4), let type = source.big(offset + 4, 4),
                length <= source.count - offset - 8
            else { return nil }
            if type == 0x6558_4966 { return chunkOrientation(&source, offset + 8, length) }
            if type == 0x4944_4154 { offset = PNGMetadata.lastAlike(&source, offset, length) }
            offset += 12 + length
        }
        return nil
    }

    /// The orientation in the `EXIF` chunk of a WebP (RFC 9649 §2.7.1.5), which an extended header announces.
    static func webPOrientation(_ source: inout ByteSource) -> Orientation? {
        guard let flags = source.byte(20), flags & 0x08 != 0 else { return nil }
        var offset = 30
        for _ in 0..<chunksLimit {
            guard let type = source.big(offset, 4), let length = source.little(offset + 4, 4),
                length <= source.count - offset - 8
            else { return nil }
            if type == 0x4558_4946 { return chunkOrientation(&source, offset + 8, length) }
            offset += 8 + length + length & 1
        }
        return nil
    }

    /// Some writers put the head of a JPEG's segment before the TIFF structure.
    private static func chunkOrientation(_ source: inout ByteSource, _ start: Int, _ length: Int) -> Orientation? {
        let hasHead = length >= 6 && source.big(start, 6) == 0x4578_6966_0000
        return tiffOrientation(&source, at: hasHead ? start + 6 : start, end: start + length)
    }
}
