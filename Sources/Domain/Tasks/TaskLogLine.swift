/// How grave a log line is.
package enum LogLevel: String, CaseIterable, Sendable {
    case debug
    case info
    case warning
    case error
}

/// One line that a task wrote.
package struct TaskLogLine: Hashable, Sendable {
    package var at: Milliseconds
    package var level: LogLevel
    /// At most 8 KiB of text (``messageLimit``).
    package var message: String
    /// Whether Socket.IO clients hear of it in the words of the one who runs the task; neither stored nor sent.
    package var isRelayed = false

    /// The greatest length of a message, in bytes of UTF-8; longer ones are cut at a character.
    package static let messageLimit = 8 * 1024

    /// A line, cut to ``messageLimit``.
    package init(at: Milliseconds, level: LogLevel, message: String) {
        self.at = at
        self.level = level
        self.message = message.utf8.count > Self.messageLimit ? Self.cut(message) : message
    }

    private static func cut(_ message: String) -> String {
        var end = message.utf8.index(message.startIndex, offsetBy: messageLimit)
        while end > message.startIndex, String.Index(end, within: message) == nil {
            end = message.utf8.index(before: end)
        }
        return String(message[..<end])
    }
}
