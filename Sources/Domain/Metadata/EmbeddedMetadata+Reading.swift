extension EmbeddedMetadata {
    /// Reads what a file of the given type says of itself.
    ///
    /// Never fails: what is cut off, wrong or past a bound is left out. Pixels are jumped over, not read.
    static func read(_ source: inout ByteSource, type: MediaType) -> EmbeddedMetadata {
        var collector = MetadataCollector(type: type)
        if let header = PictureHeader(&source, type: type) {
            collector.metadata.width = header.displayWidth
            collector.metadata.height = header.displayHeight
        }
        switch type {
        case .png: PNGMetadata.read(&source, &collector)
        case .jpeg: JPEGMetadata.read(&source, &collector)
        case .webp: WebPMetadata.read(&source, &collector)
        case .gif: GIFMetadata.read(&source, &collector)
        case .tiff: collector.metadata.exif = EXIFReader.read(&source)
        case .avif, .heic: HEIFMetadata.read(&source, &collector)
        case .mp4, .quickTime, .m4a: MP4Metadata.read(&source, &collector)
        case .matroska, .webM: MatroskaMetadata.read(&source, &collector)
        case .avi: AVIMetadata.read(&source, &collector)
        case .wmv, .wma: ASFMetadata.read(&source, &collector)
        case .flv: FLVMetadata.read(&source, &collector)
        default: break
        }
        return collector.metadata
    }
}
