/// The suffix of a file's name.
enum FileSuffix {
    /// What follows on the last dot, its ASCII letters in lower case; `nil` without a dot, or when nothing follows or
    /// what follows is not all of ASCII letters, digits and `_`.
    static func of(_ name: String) -> String? {
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
        let suffix = name.utf8[dot...].dropFirst()
        guard !suffix.isEmpty, suffix.count <= 16 else { return nil }
        var text: [UInt8] = []
        for byte in suffix {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): text.append(byte | 0x20)
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                text.append(byte)
            default: return nil
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
