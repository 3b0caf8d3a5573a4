/// EXIF and XMP of a WebP (RFC 9649 §2.7.1.5): chunks behind the pixels, which an extended header announces.
enum WebPMetadata {
    /// Reads the chunks that the header announces; without an extended header there are none.
    static func read(_ source: inout ByteSource, _ collector: inout MetadataCollector) {
        if source.has("VP8L", at: 12) {
            // One bit behind the two sides of 14 bits.
            collector.metadata.hasAlpha = source.byte(24).map { $0 & 0x10 != 0 } ?? false
        }
        guard source.has("VP8X", at: 12), let flags = source.byte(20) else { return }
        collector.metadata.hasAlpha = flags & 0x10 != 0
        var (hasEXIF, hasXMP) = (flags & 0x08 != 0, flags & 0x04 != 0)
        var offset = 12
        for _ in 0..<MetadataCollector.partsLimit where hasEXIF || hasXMP {
            guard let type = source.big(offset, 4), let length = source.little(offset + 4, 4),
                length <= source.count - offset - 8
            else { return }
            if type == 0x4558_4946 {  // EXIF
                _ = source.withBytes(offset + 8, length) { collector.addEXIF($0) }
                hasEXIF = false
            } else if type == 0x584D_5020 {  // XMP
                _ = source.withBytes(offset + 8, length) { collector.addXMP($0) }
                hasXMP = false
            }
            offset += 8 + length + length & 1
        }
    }
}
