/// Pictures as base64 (RFC 4648 §4), bare or as a `data:` URL (RFC 2397).
enum Base64Text {
    /// The bytes; `nil` for text that is no base64.
    ///
    /// Line ends and missing `=` at the end are put up with.
    static func decode(_ text: String) -> [UInt8]? {
        var digits = text.utf8[...]
        if text.hasPrefix("data:") {
            guard let comma = digits.firstIndex(of: UInt8(ascii: ",")),
                text[..<comma].hasSuffix(";base64")
            else { return nil }
            digits = digits[digits.index(after: comma)...]
        }
        while digits.last == UInt8(ascii: "=") { digits.removeLast() }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count * 3 / 4)
        var (word, count): (UInt32, Int) = (0, 0)
        for digit in digits where digit != UInt8(ascii: "\n") && digit != UInt8(ascii: "\r") {
            guard let value = value(digit) else { return nil }
            word = word << 6 | UInt32(value)
            count += 1
            if count == 4 {
                bytes += [UInt8(word >> 16 & 255), UInt8(word >> 8 & 255), UInt8(word & 255)]
                (word, count) = (0, 0)
            }
        }
        switch count {
        case 0: break
        case 2: bytes.append(UInt8(word >> 4 & 255))
        case 3: bytes += [UInt8(word >> 10 & 255), UInt8(word >> 2 & 255)]
        default: return nil
        }
        return bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
