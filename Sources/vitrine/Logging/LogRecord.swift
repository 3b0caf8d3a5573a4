import Domain
import Logging

/// One line of the log before it is written.
struct LogRecord: Sendable {
    var at: Milliseconds
    var level: Logger.Level
    /// The part of the server that wrote it: the logger's label.
    var source: String
    var message: String
    /// By key, in the keys' order.
    var metadata: [(key: String, value: String)]
}
