/// A regular expression of Python's `re` in the words of PCRE2, where the two differ in a simple way.
///
/// `\Z` (the very end) becomes `\z`, `\u1234` and `\U00012345` become `\x{…}`, `{,3}` becomes `{0,3}`, and the flags
/// `a`, `L` and `u` are left out. PCRE2's `(*VERB)`, an error in Python, stays one. What is left is the same in both.
struct PythonPattern {
    /// The pattern for PCRE2, UTF-8.
    private(set) var bytes: [UInt8] = []
    /// Of each byte, which byte of the pattern as given it comes from.
    private var origins: [Int] = []
    private let source: [UInt8]
    private var place = 0
    private var isInClass = false

    /// Throws ``MediaQueryError/invalidPattern(_:)`` when the pattern is too long or uses what Python has not.
    init(_ pattern: String) throws(MediaQueryError) {
        source = Array(pattern.utf8)
        guard source.count <= TextPattern.lengthLimit else {
            throw .invalidPattern("the pattern is longer than \(TextPattern.lengthLimit) bytes")
        }
        while place < source.count { try take() }
    }

    /// Which character of the pattern as given a byte of ``bytes`` belongs to, from 0.
    func position(ofByte byte: Int) -> Int {
        let origin = byte < origins.count ? origins[byte] : source.count
        return source[..<origin].count { $0 & 0xC0 != 0x80 }
    }

    private mutating func take() throws(MediaQueryError) {
        switch source[place] {
        case UInt8(ascii: "\\"): takeEscape()
        case UInt8(ascii: "[") where !isInClass: openClass()
        case UInt8(ascii: "]") where isInClass:
            isInClass = false
            copy(1)
        case UInt8(ascii: "(") where !isInClass: try openGroup()
        case UInt8(ascii: "{") where !isInClass && next == UInt8(ascii: ","): takeOpenQuantifier()
        default: copy(1)
        }
    }

    private var next: UInt8? { place + 1 < source.count ? source[place + 1] : nil }

    private mutating func copy(_ count: Int) {
        for _ in 0..<min(count, source.count - place) {
            bytes.append(source[place])
            origins.append(place)
            place += 1
        }
    }

    /// Puts other bytes in the place of the next `count`.
    private mutating func replace(_ count: Int, by text: [UInt8]) {
        bytes += text
        origins += repeatElement(place, count: text.count)
        place += count
    }

    private mutating func takeEscape() {
        switch next {
        case UInt8(ascii: "Z") where !isInClass: replace(2, by: Array("\\z".utf8))
        case UInt8(ascii: "u"): takeCodePoint(digits: 4)
        case UInt8(ascii: "U"): takeCodePoint(digits: 8)
        default: copy(2)
        }
    }

    private mutating func takeCodePoint(digits: Int) {
        let code = source[(place + 2)...].prefix(digits)
        guard code.count == digits, code.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else {
            return copy(2)
        }
        replace(2 + digits, by: Array("\\x{".utf8) + code + Array("}".utf8))
    }

    /// A `]` right after `[` or `[^` is a member of the class.
    private mutating func openClass() {
        isInClass = true
        copy(1)
        if place < source.count, source[place] == UInt8(ascii: "^") { copy(1) }
        if place < source.count, source[place] == UInt8(ascii: "]") { copy(1) }
    }

    private mutating func openGroup() throws(MediaQueryError) {
        if next == UInt8(ascii: "*") {
            throw .invalidPattern("nothing to repeat at position \(source[...place].count { $0 & 0xC0 != 0x80 })")
        }
        guard next == UInt8(ascii: "?") else { return copy(1) }
        copy(2)
        let flags = source[place...].prefix { "aiLmsux-".utf8.contains($0) }
        guard let end = source.indices.contains(flags.endIndex) ? source[flags.endIndex] : nil,
            end == UInt8(ascii: ")") || end == UInt8(ascii: ":")
        else { return }
        for flag in flags {
            if "aLu".utf8.contains(flag) { place += 1 } else { copy(1) }
        }
    }

    private mutating func takeOpenQuantifier() {
        let digits = source[(place + 2)...].prefix { $0 &- 0x30 < 10 }
        let end = digits.endIndex
        guard !digits.isEmpty, end < source.count, source[end] == UInt8(ascii: "}") else { return copy(1) }
        replace(2, by: Array("{0,".utf8))
    }
}
