/// Reads the grammar of header values: tokens, quoted strings and lists (RFC 9110 §5.6).
struct HeaderScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ value: String) {
        bytes = Array(value.utf8)
    }

    var isAtEnd: Bool { position == bytes.count }

    /// Skips spaces and tabs.
    mutating func skipWhitespace() {
        while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x09 { position += 1 }
    }

    /// Reads `byte` if it comes next.
    mutating func read(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    /// Reads a token; nil if none comes next.
    mutating func token() -> String? {
        let start = position
        while position < bytes.count, Self.isTokenByte(bytes[position]) { position += 1 }
        return start == position ? nil : String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// Reads a quoted string and undoes its escapes; nil if none comes next or it does not end.
    mutating func quotedString() -> String? {
        guard read(UInt8(ascii: "\"")) else { return nil }
        var content: [UInt8] = []
        while position < bytes.count {
            var byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: content, as: UTF8.self) }
            if byte == UInt8(ascii: "\\") {
                guard position < bytes.count else { return nil }
                byte = bytes[position]
                position += 1
            }
            guard byte == 0x09 || byte >= 0x20 && byte != 0x7F else { return nil }
            content.append(byte)
        }
        return nil
    }

    /// Reads a list with commas between its elements, of which some may be empty but not all.
    ///
    /// Returns nil if an element is malformed, there is none, or something else follows.
    static func list<Element>(
        _ value: String,
        element: (inout HeaderScanner) -> Element?
    ) -> [Element]? {
        var scanner = HeaderScanner(value)
        var elements: [Element] = []
        while true {
            scanner.skipWhitespace()
            if scanner.isAtEnd { return elements.isEmpty ? nil : elements }
            if scanner.read(UInt8(ascii: ",")) { continue }
            guard let parsed = element(&scanner) else { return nil }
            elements.append(parsed)
            scanner.skipWhitespace()
            guard scanner.isAtEnd || scanner.read(UInt8(ascii: ",")) else { return nil }
        }
    }

    /// A list of tokens; nil if it is none.
    static func tokens(_ value: String) -> [String]? {
        list(value) { $0.token() }
    }

    /// The value without spaces and tabs around it.
    static func trim(_ value: String) -> String {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        let utf8 = value.utf8
        guard let first = utf8.first, let last = utf8.last, isSpace(first) || isSpace(last) else { return value }
        let rest = Array(utf8.drop(while: isSpace))
        let end = rest.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? 0
        return String(decoding: rest[..<end], as: UTF8.self)
    }

    static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default:
            "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
