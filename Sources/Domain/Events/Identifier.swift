/// The ids that the server makes: lower-case version 4 UUIDs (RFC 9562 §5.4).
package enum Identifier {
    /// A fresh random UUID, 36 characters.
    package static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        return make(using: &generator)
    }

    /// A UUID from the given source of randomness.
    package static func make(using generator: inout some RandomNumberGenerator) -> String {
        let high = (generator.next() as UInt64) & ~0xF000 | 0x4000
        let low = (generator.next() as UInt64) & ~(0b11 << 62) | (0b10 << 62)
        let digits = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: 36) { text in
            var position = 0
            for nibble in 0..<32 {
                if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
                    text[position] = UInt8(ascii: "-")
                    position += 1
                }
                let word = nibble < 16 ? high : low
                text[position] = digits[Int(word >> UInt64(60 - 4 * (nibble % 16)) & 15)]
                position += 1
            }
            return position
        }
    }

    /// Whether a client may use `text` as an id: 1 to 128 printable ASCII characters other than the
    /// space (contracts/realtime.md, "Types").
    package static func isValid(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
