/// Values written the way Python's `repr` writes them, which is what callers of `image_exif` know.
enum PythonLiteral {
    private static let digits = Array("0123456789abcdef".utf8)

    /// A bytes literal, such as `b'UNICODE\x00'`.
    static func bytes(_ bytes: some Collection<UInt8>) -> String {
        let quote = quote(hasSingle: bytes.contains(39), hasDouble: bytes.contains(34))
        var result: [UInt8] = [98, quote]
        result.reserveCapacity(bytes.count + 3)
        for byte in bytes { append(byte, quote, &result) }
        result.append(quote)
        return String(decoding: result, as: UTF8.self)
    }

    /// A text literal, such as `'N'`; characters beyond ASCII stay as they are, controls are written as numbers.
    static func text(_ text: String) -> String {
        let quote = quote(hasSingle: text.utf8.contains(39), hasDouble: text.utf8.contains(34))
        var result: [UInt8] = [quote]
        for scalar in text.unicodeScalars {
            if scalar.value < 0x80 || (0x80...0xA0).contains(scalar.value) || scalar.value == 0xAD {
                append(UInt8(scalar.value), quote, &result)
            } else {
                result += Array(String(scalar).utf8)
            }
        }
        result.append(quote)
        return String(decoding: result, as: UTF8.self)
    }

    /// Single quotes, unless only those stand inside.
    private static func quote(hasSingle: Bool, hasDouble: Bool) -> UInt8 { hasSingle && !hasDouble ? 34 : 39 }

    private static func append(_ byte: UInt8, _ quote: UInt8, _ result: inout [UInt8]) {
        switch byte {
        case quote, 92: result += [92, byte]
        case 9: result += [92, 116]
        case 10: result += [92, 110]
        case 13: result += [92, 114]
        case 32..<127: result.append(byte)
        default: result += [92, 120, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
}
