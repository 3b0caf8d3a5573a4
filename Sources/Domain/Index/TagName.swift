/// The name of a tag that people make (contracts/iib.md §5).
package struct TagName: Hashable, Sendable {
    package let text: String

    /// Takes a name as it is, blanks included.
    ///
    /// Throws ``MediaIndexError/invalidTagName`` for an empty one, for one of more than 8 words and more than 40
    /// characters, and for one of more than 12 characters that begins with a Chinese one.
    package init(_ text: String) throws(MediaIndexError) {
        let characters = text.unicodeScalars.count
        guard let first = text.unicodeScalars.first, !text.unicodeScalars.contains("\0") else { throw .invalidTagName }
        if characters > 12, (0x4E00...0x9FFF).contains(first.value) { throw .invalidTagName }
        if characters > 40, text.split(whereSeparator: \.isWhitespace).count > 8 { throw .invalidTagName }
        self.text = text
    }
}
