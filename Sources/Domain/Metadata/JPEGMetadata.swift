/// EXIF, XMP, comments and JFIF's numbers of a JPEG: the segments before its pixels (ITU-T T.81 §B.1.1).
enum JPEGMetadata {
    /// How many segments are looked at.
    private static let segmentsLimit = 400
    /// How many of EXIF are put together.
    private static let piecesLimit = 64

    /// Reads the segments up to the first scan.
    static func read(_ source: inout ByteSource, _ collector: inout MetadataCollector) {
        var exif: [Range<Int>] = []
        var offset = 2
        loop: for _ in 0..<segmentsLimit {
            guard source.byte(offset) == 0xFF else { break }
            // Fill bytes may stand before a marker.
            while source.byte(offset + 1) == 0xFF { offset += 1 }
            guard let marker = source.byte(offset + 1) else { break }
            // Markers without a segment: TEM and restart.
            if marker == 0x01 || (0xD0...0xD7).contains(marker) {
                offset += 2
                continue
            }
            guard let length = source.big(offset + 2, 2), length >= 2, length <= source.count - offset - 2 else {
                break
            }
            let body = offset + 4..<offset + 2 + length
            switch marker {
            case 0xD9, 0xDA: break loop
            case 0xC2, 0xC6, 0xCA, 0xCE:
                collector.note("progressive", "1")
                collector.note("progression", "1")
            case 0xE0: readJFIF(&source, body, &collector)
            case 0xE1: readApplication(&source, body, &exif, &collector)
            case 0xFE: _ = source.withBytes(body.lowerBound, body.count) { collector.add("comment", $0) }
            default: break
            }
            offset = body.upperBound
        }
        readEXIF(&source, exif, &collector)
    }

    /// APP1: EXIF, or XMP (XMP part 3 §1.1.3).
    private static func readApplication(
        _ source: inout ByteSource,
        _ body: Range<Int>,
        _ exif: inout [Range<Int>],
        _ collector: inout MetadataCollector
    ) {
        if body.count > 6, source.big(body.lowerBound, 6) == 0x4578_6966_0000 {
            if exif.count < piecesLimit { exif.append(body.lowerBound + 6..<body.upperBound) }
            return
        }
        _ = source.withBytes(body.lowerBound, body.count) { bytes in
            let name: StaticString = "http://ns.adobe.com/xap/1.0/\0"
            guard ByteSource(bytes).has(name, at: 0) else { return }
            collector.addXMP(UnsafeRawBufferPointer(rebasing: bytes[name.utf8CodeUnitCount...]))
        }
    }

    /// EXIF that does not fit one segment goes on in the next.
    private static func readEXIF(
        _ source: inout ByteSource,
        _ pieces: [Range<Int>],
        _ collector: inout MetadataCollector
    ) {
        guard let first = pieces.first else { return }
        if pieces.count == 1 {
            _ = source.withBytes(first.lowerBound, first.count) { collector.addEXIF($0) }
        } else {
            let whole = pieces.reduce(into: [UInt8]()) { $0 += source.bytes($1.lowerBound, $1.count) ?? [] }
            whole.withUnsafeBytes { collector.addEXIF($0) }
        }
        guard !collector.metadata.facts.contains(where: { $0.key == "dpi" }) else { return }
        // Without a density of its own it has the one of its EXIF, else the usual one.
        var density = "72"
        if let value = collector.metadata.exif(0x011A)?.number,
            case let unit? = collector.metadata.exif(0x0128)?.number,
            value.isFinite
        {
            density = "\(unit == 3 ? value * 2.54 : value)"
        }
        collector.note("dpi", "(\(density), \(density))")
    }

    /// APP0 of JFIF (ITU-T T.871 §10.1): its version, and the density in dots.
    private static func readJFIF(_ source: inout ByteSource, _ body: Range<Int>, _ collector: inout MetadataCollector) {
        let start = body.lowerBound
        guard body.count >= 7, source.big(start, 4) == 0x4A46_4946, let version = source.big(start + 5, 2) else {
            return
        }
        collector.note("jfif", "\(version)")
        collector.note("jfif_version", "(\(version >> 8), \(version & 0xFF))")
        guard body.count >= 12, let unit = source.byte(start + 7), let x = source.big(start + 8, 2),
            let y = source.big(start + 10, 2)
        else { return }
        if unit == 1 { collector.note("dpi", "(\(x), \(y))") }
        if unit == 2 { collector.note("dpi", "(\(Double(x) * 2.54), \(Double(y) * 2.54))") }
        collector.note("jfif_unit", "\(unit)")
        collector.note("jfif_density", "(\(x), \(y))")
    }
}
