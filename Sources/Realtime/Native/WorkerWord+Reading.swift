import Domain

extension WorkerWord {
    /// The greatest text of a worker's, in bytes of UTF-8 (contracts/realtime.md §5, `task.log`).
    private static let textLimit = TaskLogLine.messageLimit

    /// Reads what a worker says with a message of this type (contracts/realtime.md §6).
    ///
    /// Throws ``ProtocolError``: `bad_message` for a field that is missing or wrong, `unknown_type`.
    init(type: String, _ reader: MessageReader) throws(ProtocolError) {
        switch type {
        case "task.accept": self = .accept
        case "task.reject":
            self = .reject(reader["reason"] == nil ? nil : try reader.text("reason", bytes: Self.textLimit))
        case "task.progress":
            self = .progress(
                TaskRecord.Progress(
                    current: try reader.int("current", 0...MessageReader.greatest),
                    total: reader["total"] == nil ? nil : try reader.int("total", 0...MessageReader.greatest),
                    message: try reader.text("message", bytes: Self.textLimit)
                )
            )
        case "task.log":
            guard let level = LogLevel(rawValue: try reader.text("level", 0...16)) else {
                throw .bad("level", "level is debug, info, warning or error")
            }
            self = .log(level, try reader.text("message", bytes: Self.textLimit))
        case "task.done": self = .done(reader["result"])
        case "task.fail":
            self = .fail(try Self.failure(reader), retry: try reader.bool("retry", default: true))
        default: throw ProtocolError(.unknownType, "there is no message of this type")
        }
    }

    private static func failure(_ reader: MessageReader) throws(ProtocolError) -> TaskRecord.Failure {
        guard let error = reader["error"] else { throw .bad("error", "error is missing") }
        guard let code = error["code"]?.string, (1...128).contains(code.unicodeScalars.count),
            let message = error["message"]?.string, message.utf8.count <= textLimit
        else {
            throw .bad("error", "error is {code: text of 1 to 128 characters, message: text of at most 8 KiB}")
        }
        return TaskRecord.Failure(code: code, message: message)
    }
}
