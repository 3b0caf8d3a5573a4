/// The bytes of a text where they stand, and the few questions that readers of generation texts ask of them.
///
/// Everything is ASCII: a byte of a longer character is never taken for a letter, a blank or a sign.
struct TextBytes {
    let bytes: UnsafeBufferPointer<UInt8>

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    subscript(_ index: Int) -> UInt8 { bytes[index] }

    var range: Range<Int> { 0..<bytes.count }

    /// Space, tab, line feed, vertical tab, form feed, carriage return.
    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }

    /// A letter in lower case; any other byte as it is.
    static func lowered(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    /// A digit, a letter, or a byte of a longer character.
    static func isWord(_ byte: UInt8) -> Bool { isDigit(byte) || lowered(byte) &- 0x61 < 26 || byte >= 0x80 }

    /// The range without the blanks at its ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, Self.isBlank(bytes[start]) { start += 1 }
        while end > start, Self.isBlank(bytes[end - 1]) { end -= 1 }
        return start..<end
    }

    /// Whether the range starts with `prefix`.
    func has(_ prefix: StaticString, _ range: Range<Int>) -> Bool {
        let count = prefix.utf8CodeUnitCount
        guard range.count >= count else { return false }
        for offset in 0..<count where bytes[range.lowerBound + offset] != prefix.utf8Start[offset] { return false }
        return true
    }

    /// Whether the range starts with `prefix`, which is in lower case, comparing letters without case.
    func hasLowered(_ prefix: StaticString, _ range: Range<Int>) -> Bool {
        let count = prefix.utf8CodeUnitCount
        guard range.count >= count else { return false }
        for offset in 0..<count
        where Self.lowered(bytes[range.lowerBound + offset]) != prefix.utf8Start[offset] { return false }
        return true
    }

    /// Where `byte` first stands in the range.
    func first(_ byte: UInt8, _ range: Range<Int>) -> Int? {
        var index = range.lowerBound
        while index < range.upperBound {
            if bytes[index] == byte { return index }
            index += 1
        }
        return nil
    }

    /// Where `byte` last stands in the range.
    func last(_ byte: UInt8, _ range: Range<Int>) -> Int? {
        var index = range.upperBound
        while index > range.lowerBound {
            index -= 1
            if bytes[index] == byte { return index }
        }
        return nil
    }

    func text(_ range: Range<Int>) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
    }
}

extension String {
    /// Reads the bytes of the text in place.
    func reading<Value>(_ body: (TextBytes) -> Value) -> Value {
        var text = self
        return text.withUTF8 { body(TextBytes($0)) }
    }

    /// Whether `part`, which is in lower-case ASCII, stands anywhere in the text, comparing ASCII without case.
    func containsLowered(_ part: StaticString) -> Bool {
        reading { view in
            let last = view.bytes.count - part.utf8CodeUnitCount
            guard last >= 0 else { return false }
            for start in 0...last where view.hasLowered(part, start..<view.bytes.count) { return true }
            return false
        }
    }

    /// The text without blanks at its ends.
    var trimmedBlanks: String {
        reading { view in
            let range = view.trimmed(view.range)
            return range == view.range ? self : view.text(range)
        }
    }

    /// Every line without blanks at its ends, and no empty lines at the ends of the text.
    var trimmedLines: String { reading { GenerationParameters.lines($0, $0.range) } }
}
