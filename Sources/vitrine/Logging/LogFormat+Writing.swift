import Domain
import Logging

extension LogFormat {
    /// Writes one line, without its line feed.
    ///
    /// Neither form lets a message break the line: control characters are escaped.
    func line(_ record: LogRecord) -> String {
        switch self {
        case .text: Self.text(record)
        case .json: Self.json(record)
        }
    }

    private static func text(_ record: LogRecord) -> String {
        let level = record.level.rawValue
        let padding = String(repeating: " ", count: max(0, 8 - level.count))
        var line = "\(LogTime.format(record.at)) \(level)\(padding) \(record.source): \(escaped(record.message))"
        for (key, value) in record.metadata {
            let needsQuotes = value.isEmpty || value.contains { $0 == " " || $0 == "\"" || $0 == "=" }
            let shown = escaped(value)
            line += needsQuotes ? " \(key)=\"\(shown.replacing("\"", with: "\\\""))\"" : " \(key)=\(shown)"
        }
        return line
    }

    private static func json(_ record: LogRecord) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("time", LogTime.format(record.at))
            writer.field("level", record.level.rawValue)
            writer.field("source", record.source)
            writer.field("message", record.message)
            guard !record.metadata.isEmpty else { return }
            writer.name("metadata")
            writer.object { writer in
                for (key, value) in record.metadata { writer.field(key, value) }
            }
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// The text with control characters, which could break the line or move the terminal's cursor, as escapes.
    private static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if isControl(scalar) {
                result += scalar == "\n" ? "\\n" : scalar == "\t" ? "\\t" : "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
    }
}
