/// Comments and XMP of a GIF (GIF89a §24, §26).
enum GIFMetadata {
    /// How many pieces of pixels and texts are gone through: pixels can only be passed piece by piece.
    private static let piecesLimit = 8192

    /// Reads the blocks in their order until the pieces are used up.
    static func read(_ source: inout ByteSource, _ collector: inout MetadataCollector) {
        guard let flags = source.byte(10) else { return }
        var offset = 13 + tableLength(flags)
        var pieces = piecesLimit
        while pieces > 0, let introducer = source.byte(offset) {
            switch introducer {
            case 0x21:
                guard let label = source.byte(offset + 1) else { return }
                if label == 0xFE {
                    readComment(&source, &offset, &pieces, &collector)
                } else {
                    readExtension(&source, label, &offset, &pieces, &collector)
                }
            case 0x2C:
                guard let flags = source.byte(offset + 9) else { return }
                offset += 11 + tableLength(flags)
                skipPieces(&source, &offset, &pieces)
            default: return
            }
        }
    }

    /// Bytes of the table of colours that these flags announce.
    private static func tableLength(_ flags: UInt8) -> Int { flags & 0x80 == 0 ? 0 : 3 << (Int(flags & 7) + 1) }

    private static func skipPieces(_ source: inout ByteSource, _ offset: inout Int, _ pieces: inout Int) {
        while pieces > 0, let length = source.byte(offset) {
            pieces -= 1
            offset += 1 + Int(length)
            if length == 0 { return }
        }
        pieces = 0
    }

    private static func readComment(
        _ source: inout ByteSource,
        _ offset: inout Int,
        _ pieces: inout Int,
        _ collector: inout MetadataCollector
    ) {
        offset += 2
        var text: [UInt8] = []
        while pieces > 0, let length = source.byte(offset) {
            pieces -= 1
            if let piece = source.bytes(offset + 1, Int(length)) { text += piece }
            offset += 1 + Int(length)
            if length == 0 { break }
        }
        if !text.isEmpty { text.withUnsafeBytes { collector.add("comment", $0) } }
    }

    /// XMP stands in an application extension, not in pieces, with 258 bytes behind it that lead to its end whichever
    /// of its bytes was taken for the length of a piece (XMP part 3 §1.1.2).
    private static func readExtension(
        _ source: inout ByteSource,
        _ label: UInt8,
        _ offset: inout Int,
        _ pieces: inout Int,
        _ collector: inout MetadataCollector
    ) {
        let name = offset + 3
        let isXMP =
            label == 0xFF && source.byte(offset + 2) == 11 && source.big64(name) == 0x584D_5020_4461_7461
            && source.big(name + 8, 3) == 0x58_4D50
        offset = isXMP ? name + 11 : offset + 2
        let start = offset
        skipPieces(&source, &offset, &pieces)
        let length = offset - start - 258
        if isXMP, length > 0 { _ = source.withBytes(start, length) { collector.addXMP($0) } }
    }
}
