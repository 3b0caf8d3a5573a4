/// Numbers in settings: ASCII digits only.
enum WholeNumber {
    /// Reads digits; a sign, a space, a fraction, nothing at all, and what does not fit in 63 bits are `nil`.
    static func parse(_ text: String) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}
