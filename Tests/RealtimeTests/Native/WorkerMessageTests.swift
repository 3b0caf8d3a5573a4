import Domain
import Testing

@testable import Realtime

/// What a worker says, field by field (contracts/realtime.md §6).
struct WorkerMessageTests {
    private func read(_ text: String) -> Incoming {
        var bytes = Array(text.utf8)
        return bytes.withUnsafeMutableBytes { Incoming(UnsafeRawBufferPointer($0)) }
    }

    /// A message about task `t` with lease `l` and these further members.
    private func word(_ type: String, _ rest: String = "") throws -> WorkerWord {
        let text = #"{"type":"\#(type)","task":"t","lease":"l"\#(rest.isEmpty ? "" : ",")\#(rest)}"#
        switch read(text) {
        case .message(.work(task: "t", lease: "l", let word), id: nil): return word
        case .failure(let error, _): throw error
        default: throw TestFailure("another message")
        }
    }

    static let limit = 8 * 1024

    @Test("the words are read with all their fields")
    func good() throws {
        #expect(try word("task.accept") == .accept)
        #expect(try word("task.reject") == .reject(nil))
        #expect(try word("task.reject", #""reason":"full""#) == .reject("full"))
        #expect(
            try word("task.progress", #""current":3,"total":10,"message":"tile 3""#)
                == .progress(.init(current: 3, total: 10, message: "tile 3"))
        )
        #expect(
            try word("task.progress", #""current":0,"total":null,"message":"""#)
                == .progress(.init(current: 0, total: nil, message: ""))
        )
        #expect(
            try word("task.progress", #""current":9007199254740991,"message":"""#)
                == .progress(.init(current: 9_007_199_254_740_991, total: nil, message: ""))
        )
        for level in LogLevel.allCases {
            #expect(try word("task.log", #""level":"\#(level.rawValue)","message":"m""#) == .log(level, "m"))
        }
        let longest = String(repeating: "é", count: Self.limit / 2)
        #expect(try word("task.log", #""level":"info","message":"\#(longest)""#) == .log(.info, longest))
        #expect(try word("task.done", #""result":{"a":[1]}"#) == .done(["a": [1]]))
        #expect(try word("task.done", #""result":null"#) == .done(nil))
        #expect(try word("task.done") == .done(nil))
        let failure = TaskRecord.Failure(code: "oom", message: "no memory")
        let error = #""error":{"code":"oom","message":"no memory"}"#
        #expect(try word("task.fail", error) == .fail(failure, retry: true))
        #expect(try word("task.fail", error + #","retry":false"#) == .fail(failure, retry: false))
        #expect(try word("task.fail", error + #","retry":null"#) == .fail(failure, retry: true))
    }

    @Test(
        "a field that is missing or wrong is named",
        arguments: [
            ("task.progress", #""message":"m""#, "current"),
            ("task.progress", #""current":-1,"message":"m""#, "current"),
            ("task.progress", #""current":1.5,"message":"m""#, "current"),
            ("task.progress", #""current":"1","message":"m""#, "current"),
            ("task.progress", #""current":9007199254740992,"message":"m""#, "current"),
            ("task.progress", #""current":1,"total":-1,"message":"m""#, "total"),
            ("task.progress", #""current":1,"total":"all","message":"m""#, "total"),
            ("task.progress", #""current":1"#, "message"), ("task.progress", #""current":1,"message":7"#, "message"),
            ("task.log", #""message":"m""#, "level"), ("task.log", #""level":"loud","message":"m""#, "level"),
            ("task.log", #""level":"info""#, "message"), ("task.log", #""level":"info","message":null"#, "message"),
            ("task.log", #""level":"info","message":"\#(String(repeating: "é", count: limit / 2 + 1))""#, "message"),
            ("task.progress", #""current":1,"message":"\#(String(repeating: "x", count: limit + 1))""#, "message"),
            ("task.reject", #""reason":7"#, "reason"),
            ("task.reject", #""reason":"\#(String(repeating: "x", count: limit + 1))""#, "reason"),
            ("task.fail", "", "error"), ("task.fail", #""error":"oom""#, "error"),
            ("task.fail", #""error":{"code":"oom"}"#, "error"), ("task.fail", #""error":{"message":"m"}"#, "error"),
            ("task.fail", #""error":{"code":"","message":"m"}"#, "error"),
            ("task.fail", #""error":{"code":"e","message":"m"},"retry":"yes""#, "retry"),
            ("task.fail", #""error":{"code":"e","message":"m"},"retry":1"#, "retry"),
        ] as [(String, String, String)]
    )
    func bad(type: String, rest: String, field: String) {
        let error = #expect(throws: ProtocolError.self) { try word(type, rest) }
        #expect(error?.code == .badMessage)
        #expect(error?.field == field)
    }

    @Test(
        "every word needs its task and its lease",
        arguments: ["task.accept", "task.reject", "task.progress", "task.log", "task.done", "task.fail"]
    )
    func ticket(type: String) {
        let rest = #""current":1,"level":"info","message":"m","error":{"code":"e","message":"m"}"#
        for (ticket, field) in [
            (#""lease":"l""#, "task"), (#""task":"t""#, "lease"), (#""task":"","lease":"l""#, "task"),
            (#""task":"t","lease":"a b""#, "lease"), (#""task":"t","lease":7"#, "lease"),
            (#""task":"t","lease":"\#(String(repeating: "x", count: 129))""#, "lease"),
        ] {
            guard case .failure(let error, _) = read(#"{"type":"\#(type)",\#(ticket),\#(rest)}"#) else {
                Issue.record("accepted: \(ticket)")
                continue
            }
            #expect(error.code == .badMessage && error.field == field, "\(ticket)")
        }
    }
}
