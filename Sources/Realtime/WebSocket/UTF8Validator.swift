/// Checks UTF-8 (RFC 3629) piece by piece and fails at the first byte that no valid text can have there.
///
/// Overlong forms, surrogates and values above U+10FFFF are refused at the byte that makes them so, which is
/// at the latest the second of the sequence.
package struct UTF8Validator: Sendable {
    /// Continuation bytes still to come in the open sequence.
    private var missing: UInt8 = 0
    /// The range the next byte must lie in when `missing` is not zero.
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xBF

    /// At the start of a text.
    package init() {}

    /// Whether the text so far ends with a whole character.
    package var isAtBoundary: Bool {
        @inline(__always) get { missing == 0 }
    }

    /// Whether all bytes are below 128.
    package static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let base = bytes.baseAddress else { return true }
        return skipASCII(base, from: 0, to: bytes.count) == bytes.count
    }

    /// Reads the next bytes; returns false at the first wrong one, after which the validator is of no more use.
    package mutating func consume(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let base = bytes.baseAddress else { return true }
        let count = bytes.count
        var offset = 0
        while offset < count {
            if missing == 0 {
                offset = Self.skipWhole(base, from: offset, to: count)
                if offset == count { return true }
                guard open(base.load(fromByteOffset: offset, as: UInt8.self)) else { return false }
            } else {
                let byte = base.load(fromByteOffset: offset, as: UInt8.self)
                guard byte >= lowest, byte <= highest else { return false }
                lowest = 0x80
                highest = 0xBF
                missing &-= 1
            }
            offset += 1
        }
        return true
    }

    /// Starts a sequence of two to four bytes (RFC 3629 §4); returns false if no sequence starts so.
    @inline(__always)
    private mutating func open(_ lead: UInt8) -> Bool {
        switch lead {
        case 0xC2...0xDF:
            missing = 1
        case 0xE0...0xEF:
            missing = 2
            if lead == 0xE0 { lowest = 0xA0 }
            if lead == 0xED { highest = 0x9F }
        case 0xF0...0xF4:
            missing = 3
            if lead == 0xF0 { lowest = 0x90 }
            if lead == 0xF4 { highest = 0x8F }
        default:
            return false
        }
        return true
    }

    /// The offset behind the whole characters that come next, at least to the next one that is cut or wrong.
    @inline(__always)
    private static func skipWhole(_ base: UnsafeRawPointer, from offset: Int, to count: Int) -> Int {
        var offset = skipASCII(base, from: offset, to: count)
        while offset + 4 <= count {
            let length = wholeLength(
                UInt32(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
            )
            if length == 0 { return offset }
            offset += length
            // Text in other scripts has spaces and line ends between its words.
            if length == 1 { offset = skipASCII(base, from: offset, to: count) }
        }
        return skipASCII(base, from: offset, to: count)
    }

    /// The length of the valid character at the start of four bytes, the first of them lowest; 0 if there is none.
    @inline(__always)
    private static func wholeLength(_ word: UInt32) -> Int {
        if word & 0x80 == 0 { return 1 }
        if word & 0xC0E0 == 0x80C0 {
            // C0 and C1 would be overlong.
            return word & 0x1E != 0 ? 2 : 0
        }
        if word & 0xC0_C0F0 == 0x80_80E0 {
            // The bits above U+07FF, which must not be all zero, and those that tell surrogates.
            let high = word & 0x200F
            return high != 0 && high != 0x200D ? 3 : 0
        }
        if word & 0xC0C0_C0F8 == 0x8080_80F0 {
            // From F0 90 to F4 8F.
            let high = (word & 0x7) << 2 | (word & 0x3000) >> 12
            return high >= 1 && high <= 16 ? 4 : 0
        }
        return 0
    }

    /// The offset of the first byte from `offset` on that is not ASCII, or `count`.
    @inline(__always)
    private static func skipASCII(_ base: UnsafeRawPointer, from offset: Int, to count: Int) -> Int {
        var offset = offset
        while offset + 8 <= count {
            let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            let high = word & 0x8080_8080_8080_8080
            if high != 0 { return offset + high.trailingZeroBitCount / 8 }
            offset += 8
        }
        while offset < count, base.load(fromByteOffset: offset, as: UInt8.self) < 0x80 { offset += 1 }
        return offset
    }
}
