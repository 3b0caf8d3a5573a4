import Domain
import Foundation
import Logging
import Testing

@testable import vitrine

@Suite struct LogFormatTests {
    private func record(_ message: String, _ metadata: [(key: String, value: String)] = []) -> LogRecord {
        LogRecord(at: 1_767_225_600_123, level: .warning, source: "hub", message: message, metadata: metadata)
    }

    @Test("text has time, level, source, message and metadata")
    func text() {
        let line = LogFormat.text.line(record("gone", [("a", "1"), ("b", "x y"), ("c", ""), ("d", "q\"=")]))
        #expect(line == "2026-01-01T00:00:00.123Z warning  hub: gone a=1 b=\"x y\" c=\"\" d=\"q\\\"=\"")
    }

    @Test(
        "no message can break a line or reach the terminal",
        arguments: ["a\nb", "a\r\nb", "\u{1B}[2J", "a\u{2028}b"]
    )
    func control(message: String) throws {
        for format in LogFormat.allCases {
            let line = format.line(record(message, [("k", message)]))
            #expect(!line.unicodeScalars.contains { $0.value < 0x20 })
        }
        #expect(!LogFormat.text.line(record(message)).contains("\u{2028}"))
    }

    @Test("json is one object that reads back")
    func json() throws {
        let line = LogFormat.json.line(record("say \"hi\"\n", [("task", "7")]))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(object["time"] as? String == "2026-01-01T00:00:00.123Z")
        #expect(object["level"] as? String == "warning")
        #expect(object["source"] as? String == "hub")
        #expect(object["message"] as? String == "say \"hi\"\n")
        #expect(object["metadata"] as? [String: String] == ["task": "7"])
        #expect(!LogFormat.json.line(record("x")).contains("metadata"))
    }

    @Test("times are those of the calendar, leap years too")
    func time() throws {
        #expect(LogTime.format(0) == "1970-01-01T00:00:00.000Z")
        #expect(LogTime.format(951_782_400_000) == "2000-02-29T00:00:00.000Z")
        #expect(LogTime.format(4_107_542_399_999) == "2100-02-28T23:59:59.999Z")
        #expect(LogTime.format(-5) == "1970-01-01T00:00:00.000Z")
        let formatter = ISO8601DateFormatter()
        for _ in 0..<500 {
            let seconds = Int.random(in: 0..<4_102_444_800)
            let expected = formatter.string(from: Date(timeIntervalSince1970: Double(seconds))).dropLast()
            #expect(LogTime.format(seconds * 1000 + 7) == "\(expected).007Z", "second \(seconds)")
        }
    }
}
