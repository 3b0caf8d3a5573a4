/// How a line of the log is written.
enum LogFormat: String, CaseIterable, Sendable {
    /// For people: time, level, source, message, metadata.
    case text
    /// One JSON object a line, for programs.
    case json
}
