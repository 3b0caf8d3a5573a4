/// The size and length of WMV and WMA: the header's objects (Advanced Systems Format §3.2, §3.3, §9.2).
enum ASFMetadata {
    static func read(_ source: inout ByteSource, _ collector: inout MetadataCollector) {
        guard let length = source.little64(16), length <= source.count else { return }
        var offset = 30
        for _ in 0..<MetadataCollector.partsLimit {
            guard offset <= length - 24, let size = source.little64(offset + 16), size >= 24, size <= length - offset
            else {
                return
            }
            switch source.big(offset, 4) {
            case 0xA1DC_AB8C: readProperties(&source, offset, size, &collector)
            // A stream that is a video: its sides stand first in what is special to its type.
            case 0x9107_DCB7 where source.big(offset + 24, 4) == 0xC0EF_19BC && size >= 86:
                guard collector.metadata.width == nil, let width = source.little(offset + 78, 4),
                    let height = source.little(offset + 82, 4), (1...Int(Int32.max)).contains(width),
                    (1...Int(Int32.max)).contains(height)
                else { break }
                collector.metadata.width = width
                collector.metadata.height = height
            default: break
            }
            offset += size
        }
    }

    /// The time it plays in units of 100 ns, which holds the time in milliseconds that is read ahead.
    private static func readProperties(
        _ source: inout ByteSource,
        _ offset: Int,
        _ size: Int,
        _ collector: inout MetadataCollector
    ) {
        guard size >= 88, let time = source.little64(offset + 64), let ahead = source.little64(offset + 80) else {
            return
        }
        let seconds = Double(time) / 10_000_000 - Double(ahead) / 1000
        if seconds > 0 { collector.metadata.duration = seconds }
    }
}
