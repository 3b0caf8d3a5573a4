/// What the reader of a container has found so far, and how much more it may keep.
struct MetadataCollector {
    /// The most bytes of one text, of one block of EXIF and of XMP, packed or unpacked.
    static let entryLimit = 8 << 20
    /// The most bytes that all of one file's texts and what was unpacked for them may take.
    static let totalLimit = 16 << 20
    /// How many texts of one file are kept.
    static let textsLimit = 256
    /// How many chunks, boxes or elements of one file are looked at.
    static let partsLimit = 4096

    var metadata: EmbeddedMetadata
    private var left = totalLimit

    init(type: MediaType) { metadata = EmbeddedMetadata(type: type) }

    /// Whether so many bytes more may be kept; they are counted if so.
    mutating func mayKeep(_ count: Int) -> Bool {
        guard count <= Self.entryLimit, count <= left else { return false }
        left -= count
        return true
    }

    /// Keeps a text under a name; an empty name is no name.
    mutating func add(_ key: String, _ bytes: UnsafeRawBufferPointer, isUTF8: Bool = false) {
        guard !key.isEmpty, metadata.texts.count < Self.textsLimit, mayKeep(bytes.count) else { return }
        let text = isUTF8 ? MetadataText.utf8(bytes) : MetadataText.utf8OrLatin1(bytes)
        metadata.texts.append(EmbeddedMetadata.TextEntry(key: key, text: text))
    }

    /// Keeps a text that is decoded already.
    mutating func add(_ key: String, _ text: String) {
        guard !key.isEmpty, metadata.texts.count < Self.textsLimit, mayKeep(text.utf8.count) else { return }
        metadata.texts.append(EmbeddedMetadata.TextEntry(key: key, text: text))
    }

    /// Notes a number of the container as text.
    mutating func note(_ key: String, _ text: String) {
        guard metadata.facts.count < Self.textsLimit else { return }
        metadata.facts.append(EmbeddedMetadata.TextEntry(key: key, text: text))
    }

    /// Reads a block of EXIF, with or without the six bytes that JPEG puts before it; the first one counts.
    mutating func addEXIF(_ bytes: UnsafeRawBufferPointer) {
        guard metadata.exif.isEmpty, mayKeep(bytes.count) else { return }
        let start = ByteSource(bytes).has("Exif\0\0", at: 0) ? 6 : 0
        var source = ByteSource(UnsafeRawBufferPointer(rebasing: bytes[start...]))
        metadata.exif = EXIFReader.read(&source)
    }

    /// Keeps a packet of XMP; the first one counts.
    mutating func addXMP(_ bytes: UnsafeRawBufferPointer) {
        guard metadata.xmp == nil, mayKeep(bytes.count) else { return }
        var bytes = bytes
        while bytes.last == 0 { bytes = UnsafeRawBufferPointer(rebasing: bytes.dropLast()) }
        metadata.xmp = MetadataText.utf8(bytes)
    }

    /// What a zlib stream unpacks to; `nil` when it is broken or past a bound.
    ///
    /// What was unpacked is counted either way.
    mutating func unpack(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        var unpacked: [UInt8]?
        left -= BoundedInflate.inflate(bytes, limit: min(left, Self.entryLimit), into: &unpacked)
        return unpacked
    }
}
