extension EmbeddedMetadata {
    /// EXIF's UserComment as text; `nil` when there is none or it is blank.
    ///
    /// Its first eight bytes name the code (EXIF 2.32 §4.6.5, tag 37510). UTF-16 is read in the byte order of its mark,
    /// else in the one that makes text, whatever the order of the file's numbers: writers mix them. Without a known
    /// code all of it is text, as some writers leave it.
    package var userComment: String? {
        guard let field = exif.first(where: { $0.tag == 37510 }) else { return nil }
        let text: String
        switch field.value {
        case .text(let value): text = value
        case .bytes(let bytes):
            text = bytes.withUnsafeBytes { Self.comment($0, isLittleEndian: field.isLittleEndian) }
        default: return nil
        }
        // Cameras fill up the field with zeros or blanks.
        let end = text.unicodeScalars.lastIndex { $0 != "\0" } ?? text.startIndex
        guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace && $0 != "\0" }) else { return nil }
        return String(text.unicodeScalars[...end])
    }

    private static func comment(_ bytes: UnsafeRawBufferPointer, isLittleEndian: Bool) -> String {
        let source = ByteSource(bytes)
        let rest = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(8))
        if source.has("UNICODE", at: 0) { return MetadataText.utf16(rest, prefersLittleEndian: isLittleEndian) }
        if source.has("ASCII\0\0\0", at: 0) { return plain(rest, isLittleEndian) }
        if source.has("JIS\0\0\0\0\0", at: 0) { return JISText.decode(rest) ?? plain(rest, isLittleEndian) }
        if source.has("\0\0\0\0\0\0\0\0", at: 0) { return plain(rest, isLittleEndian) }
        return plain(bytes, isLittleEndian)
    }

    /// UTF-8 or Latin-1, but UTF-16 where every other byte tends to be zero.
    private static func plain(_ bytes: UnsafeRawBufferPointer, _ isLittleEndian: Bool) -> String {
        var bytes = bytes
        while bytes.last == 0, bytes.dropLast().last == 0 { bytes = UnsafeRawBufferPointer(rebasing: bytes.dropLast()) }
        let zeros = bytes.prefix(1024).count { $0 == 0 }
        if zeros > 1, 3 * zeros > bytes.prefix(1024).count {
            return MetadataText.utf16(bytes, prefersLittleEndian: isLittleEndian)
        }
        return MetadataText.utf8OrLatin1(bytes)
    }
}
