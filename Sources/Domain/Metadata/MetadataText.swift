/// Bytes of a file as text.
enum MetadataText {
    /// UTF-8 with what is none of it replaced.
    static func utf8(_ bytes: UnsafeRawBufferPointer) -> String {
        bytes.withMemoryRebound(to: UInt8.self) { String(decoding: $0, as: UTF8.self) }
    }

    /// UTF-16 behind the mark of either byte order, else UTF-8, whose mark is dropped; what is neither is replaced.
    static func file(_ bytes: UnsafeRawBufferPointer) -> String {
        let source = ByteSource(bytes)
        if source.has("\u{FEFF}", at: 0) { return utf8(UnsafeRawBufferPointer(rebasing: bytes[3...])) }
        guard bytes.count >= 2 else { return utf8(bytes) }
        switch (bytes[0], bytes[1]) {
        case (0xFE, 0xFF): return utf16(UnsafeRawBufferPointer(rebasing: bytes[2...]), isLittleEndian: false)
        case (0xFF, 0xFE): return utf16(UnsafeRawBufferPointer(rebasing: bytes[2...]), isLittleEndian: true)
        default: return utf8(bytes)
        }
    }

    /// UTF-8 where the bytes are nothing else, else Latin-1, in which every byte is a character.
    ///
    /// PNG §11.3.3 says Latin-1, but writers put UTF-8 there; a text in Latin-1 that happens to be right UTF-8 beyond
    /// ASCII is one of letters that do not follow each other.
    static func utf8OrLatin1(_ bytes: UnsafeRawBufferPointer) -> String {
        bytes.withMemoryRebound(to: UInt8.self) { String(validating: $0, as: UTF8.self) } ?? latin1(bytes)
    }

    /// Latin-1 (ISO/IEC 8859-1): every byte is the character of its number.
    static func latin1(_ bytes: UnsafeRawBufferPointer) -> String {
        String(unsafeUninitializedCapacity: 2 * bytes.count) { buffer in
            var count = 0
            for byte in bytes {
                if byte < 0x80 {
                    buffer[count] = byte
                    count += 1
                } else {
                    buffer[count] = 0xC0 | byte >> 6
                    buffer[count + 1] = 0x80 | byte & 0x3F
                    count += 2
                }
            }
            return count
        }
    }

    /// UTF-16 in a byte order; an odd byte at the end is left out, and halves of pairs are replaced.
    static func utf16(_ bytes: UnsafeRawBufferPointer, isLittleEndian: Bool) -> String {
        ascii(bytes, isLittleEndian: isLittleEndian)
            ?? String(decoding: units(bytes, isLittleEndian: isLittleEndian), as: UTF16.self)
    }

    /// UTF-16 in a byte order that holds nothing but ASCII, as most prompts do; `nil` for any other.
    private static func ascii(_ bytes: UnsafeRawBufferPointer, isLittleEndian: Bool) -> String? {
        let (low, high) = isLittleEndian ? (0, 1) : (1, 0)
        var isASCII = true
        let text = String(unsafeUninitializedCapacity: bytes.count / 2) { buffer in
            for index in 0..<bytes.count / 2 {
                let byte = bytes[2 * index + low]
                guard bytes[2 * index + high] == 0, byte < 0x80 else {
                    isASCII = false
                    return 0
                }
                buffer[index] = byte
            }
            return bytes.count / 2
        }
        return isASCII ? text : nil
    }

    /// UTF-16 in the byte order that its mark says, else in the one that makes the better text.
    ///
    /// `prefersLittleEndian` decides when both make equally good text.
    static func utf16(_ bytes: UnsafeRawBufferPointer, prefersLittleEndian: Bool) -> String {
        if bytes.count >= 2, (bytes[0], bytes[1]) == (0xFE, 0xFF) || (bytes[0], bytes[1]) == (0xFF, 0xFE) {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[2...])
            return utf16(rest, isLittleEndian: bytes[0] == 0xFF)
        }
        let sample = UnsafeRawBufferPointer(rebasing: bytes.prefix(1024))
        // Nothing makes better text than ASCII alone, and it makes none in the other order.
        for isLittleEndian in [prefersLittleEndian, !prefersLittleEndian]
        where isWritten(sample, isLittleEndian: isLittleEndian) {
            return utf16(bytes, isLittleEndian: isLittleEndian)
        }
        let preferred = plausibility(units(sample, isLittleEndian: prefersLittleEndian))
        let other = plausibility(units(sample, isLittleEndian: !prefersLittleEndian))
        return utf16(bytes, isLittleEndian: other > preferred ? !prefersLittleEndian : prefersLittleEndian)
    }

    /// Whether there is something, and all of it is ASCII that people type.
    private static func isWritten(_ bytes: UnsafeRawBufferPointer, isLittleEndian: Bool) -> Bool {
        let (low, high) = isLittleEndian ? (0, 1) : (1, 0)
        return bytes.count >= 2
            && (0..<bytes.count / 2).allSatisfy { index in
                guard bytes[2 * index + high] == 0 else { return false }
                return switch bytes[2 * index + low] {
                case 9, 10, 13, 32...126: true
                default: false
                }
            }
    }

    private static func units(_ bytes: UnsafeRawBufferPointer, isLittleEndian: Bool) -> [UInt16] {
        [UInt16](unsafeUninitializedCapacity: bytes.count / 2) { buffer, filled in
            for index in 0..<bytes.count / 2 {
                let (first, second) = (UInt16(bytes[2 * index]), UInt16(bytes[2 * index + 1]))
                buffer[index] = isLittleEndian ? second << 8 | first : first << 8 | second
            }
            filled = bytes.count / 2
        }
    }

    /// How much a row of UTF-16 units looks like something written: ASCII counts for it, what no one types against it.
    ///
    /// Real text also stays in few scripts, so that the upper halves of its units are few different ones; in the wrong
    /// byte order these are the lower halves of letters, which are many.
    private static func plausibility(_ units: [UInt16]) -> Int {
        var score = 0
        var upper = Set<UInt16>()
        var decoder = UTF16()
        var iterator = units.makeIterator()
        loop: while true {
            switch decoder.decode(&iterator) {
            case .emptyInput: break loop
            case .error: score -= 8
            case .scalarValue(let scalar):
                upper.insert(UInt16(truncatingIfNeeded: scalar.value >> 8))
                switch scalar.value {
                case 9, 10, 13, 32...126: score += 4
                case 0...31, 127...159: score -= 8
                default:
                    switch scalar.properties.generalCategory {
                    case .unassigned, .privateUse: score -= 8
                    default: break
                    }
                }
            }
        }
        return score - upper.count
    }
}
