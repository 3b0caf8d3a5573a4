import Domain
import Logging
import Synchronization
import Testing

@testable import vitrine

@Suite struct ServerLogHandlerTests {
    private struct Failure: Error {}

    /// Logs with `body`; returns what was written and what the clients got.
    private func log(level: Logger.Level = .trace, _ body: (Logger) -> Void) async -> (
        written: [String], sent: [LogLine]
    ) {
        let written = Collected<String>()
        let sent = Collected<LogLine>()
        let relay = LogRelay(clock: WallClock { 0 })
        relay.connect { sent.append($0) }
        let sinks = LogSinks(
            level: level,
            format: .text,
            redactor: TokenRedactor(tokens: ["hush-hush"]),
            output: LogOutput { written.append($0) },
            relay: relay,
            clock: WallClock { 0 }
        )
        body(Logger(label: "hub", factory: { ServerLogHandler(label: $0, sinks: sinks) }))
        relay.finish()
        await relay.run()
        return (written.all, sent.all)
    }

    @Test("a line is written with the metadata of logger and call, sorted, the call's counting first")
    func written() async {
        let (written, sent) = await log { logger in
            var logger = logger
            logger[metadataKey: "b"] = "logger"
            logger[metadataKey: "a"] = "1"
            logger.info("hello", metadata: ["b": "call"])
        }
        #expect(written == ["1970-01-01T00:00:00.000Z info     hub: hello a=1 b=call\n"])
        #expect(sent == [LogLine(at: 0, level: .info, message: "hello a=1 b=call", source: "hub")])
    }

    @Test("levels below the set one are not written, and clients get info and up in their four levels")
    func levels() async {
        func all(_ logger: Logger) { for level in Logger.Level.allCases { logger.log(level: level, "\(level)") } }
        let everything = await log(all)
        #expect(everything.written.count == 7)
        #expect(everything.sent.map(\.message) == ["info", "notice", "warning", "error", "critical"])
        #expect(everything.sent.map(\.level) == [.info, .info, .warning, .error, .error])
        #expect(await log(level: .error, all).written.count == 2)
    }

    @Test("tokens reach neither the output nor the clients")
    func redaction() async {
        let (written, sent) = await log { logger in
            logger.error("got hush-hush", metadata: ["uri": "/ws?token=other", "authorization": "Basic x"])
        }
        for text in written + sent.map(\.message) {
            #expect(!text.contains("hush") && !text.contains("other") && !text.contains("Basic"))
        }
        #expect(written.count == 1 && sent.count == 1)
    }

    @Test("an error that a line carries is shown")
    func error() async {
        let (written, _) = await log { $0.error("failed", error: Failure()) }
        #expect(written.first?.contains("error=Failure()") == true)
    }

    @Test("a long line is cut for the clients and written whole")
    func long() async {
        let text = String(repeating: "ä", count: 10_000)
        let (written, sent) = await log { $0.info("\(text)") }
        #expect(written.first?.contains(text) == true)
        #expect(sent.count == 1)
        #expect(sent.allSatisfy { $0.message.utf8.count <= TaskLogLine.messageLimit && $0.message.hasPrefix("ää") })
    }
}

/// Collects values from any thread.
private final class Collected<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])

    var all: [Value] { values.withLock { $0 } }

    func append(_ value: Value) { values.withLock { $0.append(value) } }
}
