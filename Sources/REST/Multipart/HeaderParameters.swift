/// A header value with parameters, as `form-data; name="image"; filename="a.png"` (RFC 9110 §5.6.6, RFC 2183 §2).
struct HeaderParameters: Hashable, Sendable {
    /// What stands before the parameters, lower case.
    let value: String
    private var parameters: [String: String] = [:]

    /// Reads a value; `nil` for one whose parameters are malformed, or where a name stands twice.
    init?(_ text: String) {
        var rest = text.utf8[...]
        value = Self.text(Self.trimmed(Self.take(&rest) { $0 != UInt8(ascii: ";") })).lowercased()
        guard !value.isEmpty else { return nil }
        while rest.popFirst() != nil {
            Self.skipBlanks(&rest)
            // A semicolon at the end, or two, say nothing.
            if rest.isEmpty || rest.first == UInt8(ascii: ";") { continue }
            let name = Self.text(Self.take(&rest, while: Self.isToken)).lowercased()
            guard !name.isEmpty, rest.popFirst() == UInt8(ascii: "="), let value = Self.parameter(&rest),
                parameters.updateValue(value, forKey: name) == nil
            else { return nil }
            Self.skipBlanks(&rest)
            guard rest.isEmpty || rest.first == UInt8(ascii: ";") else { return nil }
        }
    }

    /// The parameter of a name in lower case.
    subscript(name: String) -> String? { parameters[name] }

    /// A token, or a quoted string without its quotes and backslashes.
    private static func parameter(_ rest: inout Substring.UTF8View) -> String? {
        guard rest.first == UInt8(ascii: "\"") else {
            let token = take(&rest, while: isToken)
            return token.isEmpty ? nil : text(token)
        }
        rest.removeFirst()
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = rest.popFirst() else { return nil }
                bytes.append(escaped)
            default: bytes.append(byte)
            }
        }
        return nil
    }

    private static func take(
        _ rest: inout Substring.UTF8View,
        while isWanted: (UInt8) -> Bool
    ) -> Substring.UTF8View {
        let taken = rest.prefix(while: isWanted)
        rest = rest[taken.endIndex...]
        return taken
    }

    private static func skipBlanks(_ rest: inout Substring.UTF8View) { _ = take(&rest, while: isBlank) }

    private static func trimmed(_ bytes: Substring.UTF8View) -> Substring.UTF8View {
        var bytes = bytes.drop(while: isBlank)
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        return bytes
    }

    private static func text(_ bytes: Substring.UTF8View) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    /// A character of a token, or one beyond ASCII, as careless clients send them without quotes.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, 0x7F: false
        default: !"\"(),;<=>@[\\]{}".utf8.contains(byte)
        }
    }
}
