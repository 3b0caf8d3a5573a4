/// The XOR of RFC 6455 §5.3, sixty-four bytes at a time, with an ASCII check in the same pass.
///
/// A key is held as a little-endian word: its lowest byte masks the next byte of the payload. `advance`
/// keeps that true over any split of the payload.
package enum Masking {
    /// Writes `count` bytes of `source`, unmasked, to `destination`, which may be `source` itself.
    ///
    /// Returns whether every byte written is below 128. A key of zero copies.
    @inline(__always)
    package static func apply(
        _ key: UInt32,
        from source: UnsafeRawPointer,
        to destination: UnsafeMutableRawPointer,
        count: Int
    ) -> Bool {
        let key64 = UInt64(key) << 32 | UInt64(key)
        var offset = 0
        var seen: UInt64 = 0
        if count >= 64 {
            seen = applyBlocks(key64, from: source, to: destination, count: count & ~63)
            offset = count & ~63
        }
        while offset + 8 <= count {
            let word = littleEndianWord(source, offset) ^ key64
            destination.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
            seen |= word
            offset += 8
        }
        var rest = key64
        while offset < count {
            let byte = source.load(fromByteOffset: offset, as: UInt8.self) ^ UInt8(truncatingIfNeeded: rest)
            destination.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
            seen |= UInt64(byte)
            rest >>= 8
            offset += 1
        }
        return seen & 0x8080_8080_8080_8080 == 0
    }

    /// Unmasks whole blocks of sixty-four bytes; returns the bits that were seen.
    private static func applyBlocks(
        _ key: UInt64,
        from source: UnsafeRawPointer,
        to destination: UnsafeMutableRawPointer,
        count: Int
    ) -> UInt64 {
        let keys = SIMD8<UInt64>(repeating: key.littleEndian)
        var seen = SIMD8<UInt64>(repeating: 0)
        var offset = 0
        while offset < count {
            let block = source.loadUnaligned(fromByteOffset: offset, as: SIMD8<UInt64>.self) ^ keys
            destination.storeBytes(of: block, toByteOffset: offset, as: SIMD8<UInt64>.self)
            seen |= block
            offset += 64
        }
        var bits: UInt64 = 0
        for lane in 0..<8 { bits |= seen[lane] }
        return bits
    }

    /// The key for the byte that lies `count` bytes further on.
    @inline(__always)
    package static func advance(_ key: UInt32, by count: Int) -> UInt32 {
        let shift = UInt32(truncatingIfNeeded: count & 3) &* 8
        return key &>> shift | (shift == 0 ? 0 : key &<< (32 &- shift))
    }

    @inline(__always)
    private static func littleEndianWord(_ source: UnsafeRawPointer, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: source.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}
