extension PictureHeader {
    /// How many segments before the frame header are looked at.
    private static let jpegSegmentsLimit = 400

    /// JPEG (ITU-T T.81 §B.2): segments up to the frame header; the orientation stands in an APP1 segment before it.
    static func jpeg(_ source: inout ByteSource) -> PictureHeader? {
        var offset = 2
        var orientation = Orientation.up
        for _ in 0..<jpegSegmentsLimit {
            guard source.byte(offset) == 0xFF else { return nil }
            // Fill bytes may stand before a marker.
            while source.byte(offset + 1) == 0xFF { offset += 1 }
            guard let marker = source.byte(offset + 1) else { return nil }
            // Markers without a segment: TEM and restart.
            if marker == 0x01 || (0xD0...0xD7).contains(marker) {
                offset += 2
                continue
            }
            guard let length = source.big(offset + 2, 2), length >= 2 else { return nil }
            switch marker {
            case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
                guard length >= 8, let height = source.big(offset + 5, 2), let width = source.big(offset + 7, 2)
                else { return nil }
                // Bit 1 of the marker tells the progressive frames from the sequential ones.
                return PictureHeader(
                    width: width,
                    height: height,
                    orientation: orientation,
                    isBuffered: marker & 0b11 == 0b10
                )
            case 0xD9, 0xDA: return nil
            case 0xE1: orientation = exifOrientation(&source, offset + 4, length - 2) ?? orientation
            default: break
            }
            offset += 2 + length
        }
        return nil
    }

    /// The orientation tag of an Exif segment (Exif 2.32 §4.6.4); `nil` when there is none or it makes no sense.
    private static func exifOrientation(_ source: inout ByteSource, _ start: Int, _ length: Int) -> Orientation? {
        guard length >= 14, source.big(start, 6) == 0x4578_6966_0000 else { return nil }
        return tiffOrientation(&source, at: start + 6, end: start + length)
    }

    /// The orientation of the TIFF structure at `start`, which ends before `end`; `nil` as for a segment.
    static func tiffOrientation(_ source: inout ByteSource, at start: Int, end: Int) -> Orientation? {
        tiffEntries(&source, at: start, end: end)?.first { $0.tag == 0x0112 }
            .flatMap { Orientation(rawValue: UInt8(clamping: $0.value)) }
    }

    /// TIFF (TIFF 6.0 §2): the sides and the orientation stand in the first directory.
    static func tiff(_ source: inout ByteSource) -> PictureHeader? {
        guard let entries = tiffEntries(&source, at: 0, end: source.count) else { return nil }
        let value = { (tag: Int) in entries.first { $0.tag == tag }?.value }
        guard let width = value(0x0100), let height = value(0x0101) else { return nil }
        let orientation = value(0x0112).flatMap { Orientation(rawValue: UInt8(clamping: $0)) } ?? .up
        return PictureHeader(width: width, height: height, orientation: orientation, isBuffered: true)
    }

    /// The short and long values of the first directory of the TIFF structure at `start`, which ends before `end`.
    private static func tiffEntries(
        _ source: inout ByteSource,
        at start: Int,
        end: Int
    ) -> [(tag: Int, value: Int)]? {
        let isBig: Bool
        switch source.big(start, 4) {
        case 0x4D4D_002A: isBig = true
        case 0x4949_2A00: isBig = false
        default: return nil
        }
        func number(_ offset: Int, _ size: Int) -> Int? {
            guard offset + size <= end else { return nil }
            return isBig ? source.big(offset, size) : source.little(offset, size)
        }
        guard let first = number(start + 4, 4), let count = number(start + first, 2), count <= 1024 else { return nil }
        var entries: [(tag: Int, value: Int)] = []
        for index in 0..<count {
            let offset = start + first + 2 + 12 * index
            guard let tag = number(offset, 2), let type = number(offset + 2, 2) else { break }
            guard type == 3 || type == 4, let value = number(offset + 8, type == 3 ? 2 : 4) else { continue }
            entries.append((tag, value))
        }
        return entries
    }
}
