/// Base64 with padding (RFC 4648 §4), for the keys of handshakes and for binary data in texts.
enum Base64 {
    static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")

    /// The value of each character; 255 for those outside the alphabet.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    /// The bytes as text.
    static func encode(_ bytes: some RandomAccessCollection<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 1
            guard count == 3 else { continue }
            for shift in [18, 12, 6, 0] as [UInt32] { text.append(alphabet[Int(bits >> shift & 63)]) }
            bits = 0
            count = 0
        }
        guard count > 0 else { return text }
        bits <<= UInt32(8 * (3 - count))
        for index in 0..<4 {
            text.append(index <= count ? alphabet[Int(bits >> UInt32(18 - 6 * index) & 63)] : padding)
        }
        return text
    }

    /// The bytes that `text` stands for; `nil` when it is no base64.
    ///
    /// Padding may be missing; bits that no byte uses are not looked at.
    static func decode(_ text: some RandomAccessCollection<UInt8>) -> [UInt8]? {
        var rest = text[...]
        for _ in 0..<2 where rest.last == padding { rest = rest.dropLast() }
        guard rest.count % 4 != 1 else { return nil }
        guard rest.count == text.count || text.count.isMultiple(of: 4) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(rest.count / 4 * 3 + 2)
        var bits: UInt32 = 0
        var count: UInt32 = 0
        for character in rest {
            let value = values[Int(character)]
            guard value < 64 else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        return bytes
    }
}
