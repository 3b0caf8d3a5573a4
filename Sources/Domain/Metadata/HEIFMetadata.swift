/// EXIF and XMP of AVIF and HEIC: items of the `meta` box beside the picture (ISO/IEC 23008-12 §A.2, §A.3).
enum HEIFMetadata {
    /// How many items and pieces of items are looked at.
    private static let stepsLimit = 65_536

    /// Reads the items; the first of each kind counts.
    static func read(_ source: inout ByteSource, _ collector: inout MetadataCollector) {
        var steps = MetadataCollector.partsLimit
        guard let meta = ISOBoxes.first(0x6D65_7461, in: 0..<source.count, &source, &steps), meta.count > 4 else {
            return
        }
        // A version and flags stand before the boxes of `meta`.
        let inside = meta.lowerBound + 4..<meta.upperBound
        guard let information = ISOBoxes.first(0x6969_6E66, in: inside, &source, &steps),
            let locations = ISOBoxes.first(0x696C_6F63, in: inside, &source, &steps)
        else { return }
        let items = findItems(&source, information, &steps)
        guard items.exif != nil || items.xmp != nil else { return }
        let data = ISOBoxes.first(0x6964_6174, in: inside, &source, &steps)
        var location = ItemLocations(body: locations, data: data, steps: stepsLimit)
        location.read(&source) { source, item, pieces in
            guard item == items.exif || item == items.xmp else { return }
            gather(&source, pieces) { bytes in
                if item == items.xmp { return collector.addXMP(bytes) }
                // Where the TIFF structure begins, counted from behind this number.
                var prefix = ByteSource(bytes)
                guard let start = prefix.big(0, 4), start <= bytes.count - 4 else { return }
                collector.addEXIF(UnsafeRawBufferPointer(rebasing: bytes[(4 + start)...]))
            }
        }
    }

    private static func gather(
        _ source: inout ByteSource,
        _ pieces: [Range<Int>],
        _ body: (UnsafeRawBufferPointer) -> Void
    ) {
        if pieces.count == 1 {
            _ = source.withBytes(pieces[0].lowerBound, pieces[0].count, body)
            return
        }
        var whole: [UInt8] = []
        for piece in pieces {
            guard piece.count <= MetadataCollector.entryLimit - whole.count,
                let bytes = source.bytes(piece.lowerBound, piece.count)
            else { return }
            whole += bytes
        }
        whole.withUnsafeBytes(body)
    }

    /// Which items are EXIF and XMP, by `infe` (ISO/IEC 14496-12 §8.11.6).
    private static func findItems(
        _ source: inout ByteSource,
        _ information: Range<Int>,
        _ steps: inout Int
    ) -> (exif: Int?, xmp: Int?) {
        var found: (exif: Int?, xmp: Int?)
        let start = information.lowerBound
        guard let version = source.byte(start) else { return found }
        var offset = start + (version == 0 ? 6 : 8)
        while steps > 0, let box = ISOBox(&source, at: offset, end: information.upperBound) {
            steps -= 1
            offset = box.next
            guard box.type == 0x696E_6665, let version = source.byte(box.body.lowerBound), version >= 2 else {
                continue
            }
            let length = version == 2 ? 2 : 4
            let number = box.body.lowerBound + 4
            let type = number + length + 2
            guard box.body.count >= 4 + length + 6, let item = source.big(number, length) else { continue }
            switch source.big(type, 4) {
            case 0x4578_6966: found.exif = found.exif ?? item  // Exif
            case 0x6D69_6D65:  // mime
                let isXMP = source.withBytes(type + 4, box.body.upperBound - type - 4) { bytes in
                    let parts = bytes.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
                    return parts.count > 1 && parts[1].elementsEqual("application/rdf+xml".utf8)
                }
                if isXMP == true { found.xmp = found.xmp ?? item }
            default: break
            }
        }
        return found
    }
}
