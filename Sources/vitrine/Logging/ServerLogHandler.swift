import Domain
import Logging

/// Writes the log of one logger: redacted, formatted, to an output, and from info up to the clients as well.
struct ServerLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel: Logger.Level

    private let label: String
    private let sinks: LogSinks

    /// A handler for the logger of this label.
    init(label: String, sinks: LogSinks, metadataProvider: Logger.MetadataProvider? = nil) {
        self.label = label
        self.sinks = sinks
        self.metadataProvider = metadataProvider
        logLevel = sinks.level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = metadata
        for more in [metadataProvider?.get(), event.metadata] {
            fields.merge(more ?? [:]) { _, newer in newer }
        }
        if let error = event.error, fields["error"] == nil { fields["error"] = "\(error)" }
        sinks.write(
            LogRecord(
                at: sinks.clock.now,
                level: event.level,
                source: label,
                message: "\(event.message)",
                metadata: fields.sorted { $0.key < $1.key }.map { (key: $0.key, value: "\($0.value)") }
            )
        )
    }
}
