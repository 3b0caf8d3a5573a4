/// Steps through the members of a JSON object where it lies in bytes, and builds nothing but what is asked for.
///
/// For long objects of which a few members are wanted. What it steps over is not checked: bytes that are no JSON may
/// have members too. It never reads past the end, takes time in proportion to the bytes, and does not recurse.
struct JSONMembers {
    /// Where a name and its value lie; texts with their quotes.
    struct Member: Hashable {
        var name: Range<Int>
        var value: Range<Int>
    }

    private let bytes: UnsafeRawBufferPointer
    private var index: Int
    /// Whether the object ended where it should, rather than being cut off or broken.
    private(set) var isComplete = false

    /// The object that begins at `start` or after blanks there; `nil` when none does.
    init?(_ bytes: UnsafeRawBufferPointer, at start: Int = 0) {
        self.bytes = bytes
        index = start
        guard start >= 0, take(UInt8(ascii: "{")) else { return nil }
    }

    /// The next member; `nil` after the last one, and for good when the rest is cut off or broken.
    mutating func next() -> Member? {
        guard !isComplete else { return nil }
        let member = member()
        if member == nil, !isComplete { index = bytes.count }
        return member
    }

    /// The text of a name or a value; `nil` when it is something else, or not well-formed.
    ///
    /// A text that takes more than `limit` bytes is cut off there, or up to five bytes later.
    func text(_ range: Range<Int>, limit: Int) -> String? {
        guard bytes[range].first == UInt8(ascii: "\"") else { return nil }
        guard range.count > limit else {
            return (try? JSONParser.parse(UnsafeRawBufferPointer(rebasing: bytes[range])))?.string
        }
        var end = range.lowerBound + 1
        while end < min(range.lowerBound + limit, range.upperBound - 1) {
            if bytes[end] == UInt8(ascii: "\\") {
                end += bytes[end + 1] == UInt8(ascii: "u") ? 6 : 2
            } else {
                end += 1
                while bytes[end] & 0xC0 == 0x80 { end += 1 }
            }
        }
        let part = bytes[range.lowerBound..<min(end, range.upperBound - 1)]
        return (try? JSONParser.parse(Array(part) + [UInt8(ascii: "\"")]))?.string
    }

    /// A whole number that is not negative and has up to 15 digits; otherwise `nil`.
    func count(_ range: Range<Int>) -> Int? {
        guard (1...15).contains(range.count) else { return nil }
        var value = 0
        for byte in bytes[range] {
            guard byte &- 0x30 < 10 else { return nil }
            value = 10 * value + Int(byte & 15)
        }
        return value
    }

    /// The members of the next member's value, which is an object, and its name; `nil` when there is none such.
    ///
    /// ``resume(after:)`` goes on behind it. For objects of which the end may be cut off.
    mutating func nextObject() -> (name: Range<Int>, members: JSONMembers)? {
        guard !isComplete else { return nil }
        if let name = name(), let members = JSONMembers(bytes, at: index) { return (name, members) }
        if !isComplete { index = bytes.count }
        return nil
    }

    /// Goes on behind an object of ``nextObject()`` that has been stepped through.
    mutating func resume(after members: JSONMembers) { index = members.index }

    private mutating func name() -> Range<Int>? {
        _ = take(UInt8(ascii: ","))
        if take(UInt8(ascii: "}")) {
            isComplete = true
            return nil
        }
        guard let name = string(), take(UInt8(ascii: ":")) else { return nil }
        skipBlanks()
        return name
    }

    private mutating func member() -> Member? {
        guard let name = name(), let value = value() else { return nil }
        return Member(name: name, value: value)
    }

    private mutating func skipBlanks() {
        while index < bytes.count, Self.isBlank(bytes[index]) { index += 1 }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    /// Takes a byte, with the blanks before it, when it comes next.
    private mutating func take(_ byte: UInt8) -> Bool {
        skipBlanks()
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func string() -> Range<Int>? {
        skipBlanks()
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { return nil }
        let start = index
        index += 1
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index += 1
                return start..<index
            case UInt8(ascii: "\\"): index += 2
            default: index += 1
            }
        }
        return nil
    }

    private mutating func value() -> Range<Int>? {
        guard index < bytes.count else { return nil }
        let start = index
        switch bytes[index] {
        case UInt8(ascii: "\""): return string()
        case UInt8(ascii: "{"), UInt8(ascii: "["): return nested()
        default: break
        }
        while index < bytes.count {
            let byte = bytes[index]
            if Self.isBlank(byte) || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") {
                return index > start ? start..<index : nil
            }
            index += 1
        }
        // A number that the end cuts off might have gone on.
        return nil
    }

    private mutating func nested() -> Range<Int>? {
        let start = index
        var depth = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                guard string() != nil else { return nil }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            index += 1
            if depth == 0 { return start..<index }
        }
        return nil
    }
}
