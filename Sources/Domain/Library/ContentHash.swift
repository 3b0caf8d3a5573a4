/// A SHA-256 (FIPS 180-4), the name of a content.
package struct ContentHash: Hashable, Sendable {
    /// How many bytes a hash has.
    package static let length = 32

    /// The 32 bytes, eight to a word, first byte highest.
    private let words: SIMD4<UInt64>

    /// A hash of exactly 32 bytes; `nil` for any other number.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.length else { return nil }
        var words = SIMD4<UInt64>()
        for (index, byte) in bytes.enumerated() { words[index / 8] = words[index / 8] << 8 | UInt64(byte) }
        self.words = words
    }

    /// The hash of bytes in memory; `nil` only when libcrypto has no memory left.
    package init?(of bytes: [UInt8]) {
        guard let hash = bytes.withUnsafeBytes({ ContentHasher()?.hash($0) }) else { return nil }
        self = hash
    }

    /// Reads 64 hex digits of either case; `nil` for anything else.
    package init?(hex: some StringProtocol) {
        guard hex.utf8.count == 2 * Self.length else { return nil }
        var words = SIMD4<UInt64>()
        for (index, digit) in hex.utf8.enumerated() {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = digit - UInt8(ascii: "A") + 10
            default: return nil
            }
            words[index / 16] = words[index / 16] << 4 | UInt64(value)
        }
        self.words = words
    }

    /// The 32 bytes.
    package var bytes: [UInt8] {
        (0..<Self.length).map { UInt8(truncatingIfNeeded: words[$0 / 8] >> UInt64(56 - 8 * ($0 % 8))) }
    }

    /// The hash as 64 lower-case hex digits.
    package var hex: String {
        let digits: StaticString = "0123456789abcdef"
        return String(unsafeUninitializedCapacity: 2 * Self.length) { text in
            for index in 0..<2 * Self.length {
                let nibble = words[index / 16] >> UInt64(60 - 4 * (index % 16)) & 15
                text[index] = digits.utf8Start[Int(nibble)]
            }
            return 2 * Self.length
        }
    }
}
