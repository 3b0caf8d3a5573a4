/// Texts of clients without the blanks around them.
enum BlankTrimming {
    /// The text without white space (of Unicode, and the separators U+001C to U+001F) at its ends.
    static func trimmed(_ text: String) -> String {
        var rest = text[...].drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return String(rest)
    }

    private static func isBlank(_ character: Character) -> Bool {
        character.isWhitespace || ("\u{1C}"..."\u{1F}").contains(character)
    }
}
