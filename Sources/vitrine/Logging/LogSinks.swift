import Domain
import Logging

/// Where all loggers' lines go, and in which form; one for the process.
struct LogSinks: Sendable {
    /// The lowest level that is written.
    let level: Logger.Level
    let clock: WallClock
    private let format: LogFormat
    private let redactor: TokenRedactor
    private let output: LogOutput
    private let relay: LogRelay?

    /// Lines go to `output` in `format`, and from info up to `relay`.
    init(
        level: Logger.Level,
        format: LogFormat,
        redactor: TokenRedactor = TokenRedactor(),
        output: LogOutput = .standardError,
        relay: LogRelay? = nil,
        clock: WallClock = .system
    ) {
        self.level = level
        self.format = format
        self.redactor = redactor
        self.output = output
        self.relay = relay
        self.clock = clock
    }

    /// Makes these the sinks of every logger of the process; to be called once.
    func bootstrap() {
        LoggingSystem.bootstrap(
            { ServerLogHandler(label: $0, sinks: self, metadataProvider: $1) },
            metadataProvider: nil
        )
    }

    /// Writes a line, and tells the clients of it when it is of their concern.
    func write(_ record: LogRecord) {
        var record = record
        record.message = redactor.redact(record.message)
        record.metadata = record.metadata.map { ($0.key, redactor.redact(key: $0.key, value: $0.value)) }
        output.writeLine(format.line(record))
        guard record.level >= .info, let relay else { return }
        let level = Self.level(record.level)
        // A task's line cuts its message to the protocol's length, which holds for these lines too.
        let message = TaskLogLine(at: record.at, level: level, message: Self.message(record)).message
        relay.offer(LogLine(at: record.at, level: level, message: message, source: record.source))
    }

    /// The client's four levels for the log's seven.
    private static func level(_ level: Logger.Level) -> LogLevel {
        switch level {
        case .trace, .debug: .debug
        case .info, .notice: .info
        case .warning: .warning
        case .error, .critical: .error
        }
    }

    /// The message with its metadata, which log lines of the protocol have no field for.
    private static func message(_ record: LogRecord) -> String {
        ([record.message] + record.metadata.map { "\($0.key)=\($0.value)" }).joined(separator: " ")
    }
}
