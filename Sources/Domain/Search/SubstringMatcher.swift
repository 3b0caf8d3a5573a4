/// Whether a text holds another one somewhere, by the rules of SQLite's LIKE between two `%`: ASCII letters without
/// case, `%` for any run of characters, `_` for any one (contracts/iib.md §4).
///
/// It works on bytes: a character is a byte that begins one in UTF-8 with those that continue it, so that text which
/// is no UTF-8 is searched all the same.
package struct SubstringMatcher: Sendable {
    /// What the pattern consists of, between two `%`.
    struct Segment: Sendable {
        /// How many characters must come before ``head``.
        var skipped = 0
        /// The first literal bytes; `nil` when the segment is `_` alone.
        var head: ByteFinder?
        /// What follows the head.
        var rest: [Element] = []
    }

    enum Element: Hashable, Sendable {
        case byte(UInt8)
        case character
    }

    let segments: [Segment]

    /// Whether every text matches.
    package var matchesEverything: Bool { segments.isEmpty }

    /// Understands a pattern; every text is one.
    package init(_ pattern: String) {
        segments = pattern.utf8.split(separator: UInt8(ascii: "%")).map { Self.segment($0) }
    }

    private static func segment(_ bytes: Substring.UTF8View) -> Segment {
        let any = UInt8(ascii: "_")
        var segment = Segment()
        var bytes = bytes[...]
        while bytes.first == any {
            bytes.removeFirst()
            segment.skipped += 1
        }
        segment.head = ByteFinder(bytes.prefix { $0 != any })
        segment.rest = bytes.drop { $0 != any }.map { $0 == any ? .character : .byte(ByteFinder.folded($0)) }
        return segment
    }

    /// Whether the text holds the pattern.
    package func matches(_ text: UnsafeRawBufferPointer) -> Bool {
        var place = 0
        for segment in segments {
            guard let end = Self.end(of: segment, in: text, from: place) else { return false }
            place = end
        }
        return true
    }

    /// Whether the text holds the pattern.
    package func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { matches(UnsafeRawBufferPointer($0)) }
    }

    /// Where the first match of a segment at or after `start` ends.
    ///
    /// The first is the best: what follows has most room.
    private static func end(of segment: Segment, in text: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var place = start
        for _ in 0..<segment.skipped {
            guard let next = character(after: place, in: text) else { return nil }
            place = next
        }
        guard let head = segment.head else { return place }
        while let found = head.find(in: text, from: place) {
            if let end = end(of: segment.rest, in: text, from: found + head.count) { return end }
            place = found + 1
        }
        return nil
    }

    private static func end(of elements: [Element], in text: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var place = start
        for element in elements {
            switch element {
            case .byte(let byte):
                guard place < text.count, ByteFinder.folded(text[place]) == byte else { return nil }
                place += 1
            case .character:
                guard let next = character(after: place, in: text) else { return nil }
                place = next
            }
        }
        return place
    }

    /// Where the character that begins at `place` ends; `nil` at the end of the text.
    private static func character(after place: Int, in text: UnsafeRawBufferPointer) -> Int? {
        guard place < text.count else { return nil }
        var end = place + 1
        // As SQLite reads UTF-8: only a byte from 0xC0 on has followers.
        if text[place] >= 0xC0 {
            while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
        }
        return end
    }
}
