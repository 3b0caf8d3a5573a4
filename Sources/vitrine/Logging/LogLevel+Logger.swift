import Domain
import Logging

extension LogLevel {
    /// The same level in the words of the server's log.
    var loggerLevel: Logger.Level {
        switch self {
        case .debug: .debug
        case .info: .info
        case .warning: .warning
        case .error: .error
        }
    }
}
