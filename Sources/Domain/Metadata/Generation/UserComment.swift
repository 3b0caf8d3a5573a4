/// The text of EXIF's UserComment: eight bytes that name an encoding, then the text (EXIF 2.32 §4.6.5).
///
/// UTF-16 is read in the byte order of its mark, or else in the one in which it makes more sense: writers disagree on
/// whether the order of the file counts. Without a name of an encoding the whole is text. Zero bytes at the end go.
enum UserComment {
    private static let tag = 37510

    /// The comment of a file; `nil` when there is none or nothing but blanks.
    static func text(_ metadata: EmbeddedMetadata) -> String? {
        guard let field = metadata.exif.first(where: { $0.tag == tag }) else { return nil }
        let text: String
        switch field.value {
        case .text(let value): text = value
        case .bytes(let bytes): text = decoded(bytes, isLittleEndian: field.isLittleEndian)
        default: return nil
        }
        return text.utf8.allSatisfy(TextBytes.isBlank) ? nil : text
    }

    static func decoded(_ bytes: [UInt8], isLittleEndian: Bool) -> String {
        let name = bytes.prefix(8)
        if name.elementsEqual("UNICODE\0".utf8) || name.elementsEqual("Unicode\0".utf8) {
            return utf16(bytes.dropFirst(8), isLittleEndian: isLittleEndian)
        }
        let isNamed = name.elementsEqual("ASCII\0\0\0".utf8) || (name.count == 8 && name.allSatisfy { $0 == 0 })
        return plain(isNamed ? bytes.dropFirst(8) : bytes[...])
    }

    /// UTF-8, or Latin-1 when it is not.
    private static func plain(_ bytes: ArraySlice<UInt8>) -> String {
        var bytes = bytes
        while bytes.last == 0 { bytes.removeLast() }
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }

    private static func utf16(_ bytes: ArraySlice<UInt8>, isLittleEndian: Bool) -> String {
        let order = mark(bytes)
        let body = order == nil ? bytes : bytes.dropFirst(2)
        // A text in UTF-8 under the wrong name: half of the bytes of any other text in Latin letters are zero.
        if order == nil, !body.contains(0), body.allSatisfy({ $0 < 0x80 }) { return plain(body) }
        let isLittle = order ?? guess(body, isLittleEndian: isLittleEndian)
        var units: [UInt16] = []
        units.reserveCapacity(body.count / 2)
        var index = body.startIndex
        while index + 1 < body.endIndex {
            let (first, second) = (UInt16(body[index]), UInt16(body[index + 1]))
            units.append(isLittle ? second << 8 | first : first << 8 | second)
            index += 2
        }
        while units.last == 0 { units.removeLast() }
        return String(decoding: units, as: UTF16.self)
    }

    /// Whether a byte-order mark says little-endian; `nil` without one.
    private static func mark(_ bytes: ArraySlice<UInt8>) -> Bool? {
        if bytes.starts(with: [0xFF, 0xFE]) { return true }
        if bytes.starts(with: [0xFE, 0xFF]) { return false }
        return nil
    }

    /// Whether more characters have a small high byte when read as little-endian: texts hold blanks and commas.
    private static func guess(_ bytes: ArraySlice<UInt8>, isLittleEndian: Bool) -> Bool {
        var (little, big) = (0, 0)
        var index = bytes.startIndex
        while index + 1 < min(bytes.endIndex, bytes.startIndex + 4096) {
            if bytes[index] == 0, bytes[index + 1] != 0 { big += 1 }
            if bytes[index + 1] == 0, bytes[index] != 0 { little += 1 }
            index += 2
        }
        return little == big ? isLittleEndian : little > big
    }
}
