/// A setting that cannot be used, or settings that do not go together; ends the program with exit code 64.
///
/// The message is one line, names where the value came from, and never holds a token.
struct ConfigurationError: Error, Hashable, CustomStringConvertible {
    /// What is wrong, and what would be right.
    let message: String

    /// An error with this text.
    init(_ message: String) {
        self.message = message
    }

    /// An error with a value and where it came from.
    init(_ origin: SettingOrigin, _ message: String) {
        self.message = "\(origin): \(message)"
    }

    var description: String { message }
}
