/// The size and length of an AVI: its main header (AVI RIFF, `avih`).
enum AVIMetadata {
    static func read(_ source: inout ByteSource, _ collector: inout MetadataCollector) {
        // RIFF, its form, a list and its type; then the header's chunk.
        guard source.has("LIST", at: 12), source.has("hdrlavih", at: 20), let frame = source.little(32, 4),
            let frames = source.little(48, 4), let width = source.little(64, 4), let height = source.little(68, 4)
        else { return }
        if width > 0, height > 0, width <= Int32.max, height <= Int32.max {
            collector.metadata.width = width
            collector.metadata.height = height
        }
        if frame > 0, frames > 0 { collector.metadata.duration = Double(frame) * Double(frames) / 1_000_000 }
    }
}
