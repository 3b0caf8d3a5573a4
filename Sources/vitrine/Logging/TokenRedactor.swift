/// Keeps tokens out of the log (contracts/realtime.md §10: "never logged").
///
/// Taken out are the configured tokens, and whatever stands where a token stands: after `token=`, `vitrine.token.`,
/// `Bearer`, and in metadata of a telling name.
struct TokenRedactor: Sendable {
    /// What stands in a token's place.
    static let mark = "[redacted]"

    /// Tokens this short are taken out only where they stand alone, or common words would go.
    private static let shortToken = 6
    private static let introductions = ["token=", "vitrine.token.", "bearer "].map { Array($0.utf8) }
    private static let secretKeys: Set<String> = ["token", "authorization", "cookie", "sec-websocket-protocol"]

    /// Longest first, so that a token that begins another does not leave the other's end.
    private let tokens: [[UInt8]]

    /// A redactor for these tokens.
    init(tokens: some Sequence<String> = []) {
        self.tokens = tokens.map { Array($0.utf8) }.filter { !$0.isEmpty }.sorted { $0.count > $1.count }
    }

    /// The text with every token replaced by ``mark``.
    func redact(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var changed = false
        var index = 0
        while index < bytes.count {
            if let introduction = Self.introductions.first(where: { Self.matches($0, bytes, at: index) }) {
                let start = index + introduction.count
                let end = bytes[start...].firstIndex { !Self.isTokenByte($0) } ?? bytes.count
                if end > start {
                    result += bytes[index..<start] + Array(Self.mark.utf8)
                    index = end
                    changed = true
                    continue
                }
            }
            if let token = tokens.first(where: { stands($0, in: bytes, at: index) }) {
                result += Array(Self.mark.utf8)
                index += token.count
                changed = true
                continue
            }
            result.append(bytes[index])
            index += 1
        }
        return changed ? String(decoding: result, as: UTF8.self) : text
    }

    /// The value of a metadata key, all of it replaced when the key says that it is a secret.
    func redact(key: String, value: String) -> String {
        Self.secretKeys.contains(key.lowercased()) ? Self.mark : redact(value)
    }

    private func stands(_ token: [UInt8], in bytes: [UInt8], at index: Int) -> Bool {
        guard index + token.count <= bytes.count, bytes[index..<(index + token.count)].elementsEqual(token) else {
            return false
        }
        guard token.count < Self.shortToken else { return true }
        let end = index + token.count
        return (index == 0 || !Self.isWordByte(bytes[index - 1]))
            && (end == bytes.count || !Self.isWordByte(bytes[end]))
    }

    /// Whether `lowered` stands at `index`, letters in any case.
    private static func matches(_ lowered: [UInt8], _ bytes: [UInt8], at index: Int) -> Bool {
        guard index + lowered.count <= bytes.count else { return false }
        return zip(lowered, bytes[index...]).allSatisfy { expected, byte in
            expected == ((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte)
        }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    /// A byte of a token, or of one that was percent-encoded.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        isWordByte(byte) || "._~-%+/".utf8.contains(byte)
    }
}
