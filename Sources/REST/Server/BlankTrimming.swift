/// Texts of clients without the blanks around them.
enum BlankTrimming {
    /// The text without white space (of Unicode) at its ends.
    static func trimmed(_ text: String) -> String {
        var rest = text[...].drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
