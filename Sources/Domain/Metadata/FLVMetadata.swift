/// The size and length of Flash video: the script tag `onMetaData` at its start (Video File Format 10, E.4.4, E.5).
enum FLVMetadata {
    /// How many entries of the list are looked at.
    private static let entriesLimit = 256

    static func read(_ source: inout ByteSource, _ collector: inout MetadataCollector) {
        // The header, the length of no tag before the first, and the tag's own header of 11 bytes.
        guard let header = source.big(5, 4), source.byte(header + 4) == 18, let length = source.big(header + 5, 3)
        else {
            return
        }
        let start = header + 15
        // A text, its length, `onMetaData`, then a list with its count.
        guard length <= source.count - start, length >= 18, source.big(start, 3) == 0x02_000A,
            source.byte(start + 13) == 8,
            source.withBytes(start + 3, 10, { $0.elementsEqual("onMetaData".utf8) }) == true
        else { return }
        var values: [String: Double] = [:]
        var offset = start + 18
        for _ in 0..<entriesLimit {
            guard offset < start + length, let nameLength = source.big(offset, 2), nameLength > 0,
                let name = source.withBytes(offset + 2, nameLength, { MetadataText.utf8($0) }),
                let type = source.byte(offset + 2 + nameLength)
            else { break }
            offset += 3 + nameLength
            switch type {
            case 0:
                guard let bits = source.withBytes(offset, 8, { $0.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }) else {
                    return
                }
                values[name] = Double(bitPattern: bits)
                offset += 8
            case 1: offset += 1
            case 2:
                guard let textLength = source.big(offset, 2) else { return }
                offset += 2 + textLength
            default: return keep(values, &collector)
            }
        }
        keep(values, &collector)
    }

    private static func keep(_ values: [String: Double], _ collector: inout MetadataCollector) {
        if let width = values["width"], let height = values["height"], (1...Double(Int32.max)).contains(width),
            (1...Double(Int32.max)).contains(height)
        {
            collector.metadata.width = Int(width)
            collector.metadata.height = Int(height)
        }
        if let duration = values["duration"], duration > 0, duration.isFinite { collector.metadata.duration = duration }
    }
}
