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
                offset = Self.skipASCII(base, from: offset, to: count)
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
