/// Names in settings about the message queue.
enum QueueText {
    /// What ``channel(_:)`` accepts.
    static let channelForm = "up to 128 printable characters without blanks and commas"
    /// What ``name(_:)`` accepts.
    static let nameForm = "up to 64 letters, digits, dots, dashes and underscores"

    /// Reads the name of a channel; `nil` for anything else.
    static func channel(_ text: String) -> String? {
        let isGood = text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ",") }
        return (1...128).contains(text.utf8.count) && isGood ? text : nil
    }

    /// Reads the name of a server; `nil` for anything else.
    static func name(_ text: String) -> String? {
        let isGood = text.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || "0123456789.-_".unicodeScalars.contains($0))
        }
        return (1...64).contains(text.utf8.count) && isGood ? text : nil
    }
}
