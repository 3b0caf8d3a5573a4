/// One line of the server's own log.
package struct LogLine: Hashable, Sendable {
    package var at: Milliseconds
    package var level: LogLevel
    package var message: String
    /// The part of the server that wrote it.
    package var source: String

    package init(at: Milliseconds, level: LogLevel, message: String, source: String) {
        self.at = at
        self.level = level
        self.message = message
        self.source = source
    }
}
