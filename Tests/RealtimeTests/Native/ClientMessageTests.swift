import Domain
import Testing

@testable import Realtime

/// What clients may say, and what each wrong word is answered (contracts/realtime.md §2, §9).
struct ClientMessageTests {
    private func read(_ text: String) -> Incoming { Array(text.utf8).withUnsafeBytes { Incoming($0) } }

    private func message(_ text: String) throws -> ClientMessage {
        guard case .message(let message, _) = read(text) else { throw TestFailure("not read: \(read(text))") }
        return message
    }

    @Test("every message is read, wherever its type stands and whatever else is in it")
    func good() throws {
        #expect(
            try message(#"{"topics":["tasks","app/x","tasks"],"future":[{}],"type":"subscribe"}"#)
                == .subscribe(topics: [.tasks, .app("x")], since: nil)
        )
        #expect(
            try message(#"{"type":"subscribe","topics":[],"since":{"epoch":"e","offset":0}}"#)
                == .subscribe(topics: [], since: ResumePoint(epoch: "e", offset: 0))
        )
        #expect(
            try message(#"{"type":"subscribe","topics":["log"],"since":null}"#)
                == .subscribe(topics: [.log], since: nil)
        )
        #expect(
            try message(#"{"type":"unsubscribe","topics":["task/a b"]}"#.replacing(" ", with: "_"))
                == .unsubscribe(topics: [.task("a_b")])
        )
        #expect(try message(#"{"type":"ping"}"#) == .ping)
        #expect(try message(#"{"type":"heartbeat"}"#) == .heartbeat)
        #expect(
            try message(#"{"type":"hello","name":"w","capabilities":["a"],"slots":2}"#)
                == .hello(ClientMessage.Hello(name: "w", kind: .worker, capabilities: ["a"], slots: 2))
        )
        #expect(
            try message(#"{"type":"hello","name":"d","kind":"dashboard"}"#)
                == .hello(ClientMessage.Hello(name: "d", kind: .dashboard, capabilities: [], slots: 0))
        )
        #expect(
            try message(#"{"type":"publish","topic":"app/x","data":null}"#)
                == .publish(app: "x", data: .null, key: nil)
        )
        #expect(
            try message(#"{"type":"task.run","name":"n"}"#) == .runTask(TaskRequest(name: "n"))
        )
        #expect(
            try message(
                #"{"type":"task.run","name":"n","params":{"a":1},"priority":-100,"attempts":100,"#
                    + #""requires":["g"],"task":"t"}"#
            )
                == .runTask(
                    TaskRequest(
                        name: "n",
                        params: ["a": 1],
                        priority: -100,
                        attempts: 100,
                        requires: ["g"],
                        id: "t"
                    )
                )
        )
        #expect(try message(#"{"type":"task.cancel","task":"t"}"#) == .cancelTask("t"))
        #expect(
            try message(#"{"type":"task.done","task":"t","lease":"l"}"#) == .work(task: "t", lease: "l", .done(nil))
        )
    }

    private static let long = String(repeating: "x", count: 65)

    /// Wrong messages, their code and the field that is named.
    static let bad: [(String, ProtocolError.Code, String?)] = [
        ("", .badJSON, nil), ("{", .badJSON, nil), ("nonsense", .badJSON, nil), (#"{"type":"ping"} x"#, .badJSON, nil),
        ("[]", .badMessage, nil), ("1", .badMessage, nil), ("null", .badMessage, nil),
        ("{}", .badMessage, "type"), (#"{"type":1}"#, .badMessage, "type"), (#"{"type":null}"#, .badMessage, "type"),
        (#"{"type":"fly"}"#, .unknownType, nil), (#"{"type":""}"#, .unknownType, nil),
        (String(repeating: "[", count: 33) + String(repeating: "]", count: 33), .tooDeep, nil),
        (#"{"type":"ping","id":-1}"#, .badMessage, "id"), (#"{"type":"ping","id":1.5}"#, .badMessage, "id"),
        (#"{"type":"ping","id":true}"#, .badMessage, "id"), (#"{"type":"ping","id":{}}"#, .badMessage, "id"),
        (#"{"type":"ping","id":9007199254740992}"#, .badMessage, "id"),
        (#"{"type":"ping","id":"\#(long)"}"#, .badMessage, "id"),
        (#"{"type":"subscribe"}"#, .badMessage, "topics"), (#"{"type":"subscribe","topics":1}"#, .badMessage, "topics"),
        (#"{"type":"subscribe","topics":[1]}"#, .badMessage, "topics"),
        (#"{"type":"subscribe","topics":["tasks","nope"]}"#, .unknownTopic, nil),
        (#"{"type":"subscribe","topics":["app/"]}"#, .unknownTopic, nil),
        (#"{"type":"subscribe","topics":["task/"]}"#, .unknownTopic, nil),
        (#"{"type":"subscribe","topics":["app/*"]}"#, .unknownTopic, nil),
        (#"{"type":"subscribe","topics":[],"since":1}"#, .badMessage, "since"),
        (#"{"type":"subscribe","topics":[],"since":{"epoch":"e"}}"#, .badMessage, "since"),
        (#"{"type":"subscribe","topics":[],"since":{"epoch":"e","offset":-1}}"#, .badMessage, "since"),
        (#"{"type":"unsubscribe"}"#, .badMessage, "topics"),
        (#"{"type":"hello","capabilities":[],"slots":0}"#, .badMessage, "name"),
        (#"{"type":"hello","name":"\#(long)","kind":"script"}"#, .badMessage, "name"),
        (#"{"type":"hello","name":"n","kind":"king"}"#, .badMessage, "kind"),
        (#"{"type":"hello","name":"n","slots":0}"#, .badMessage, "capabilities"),
        (#"{"type":"hello","name":"n","capabilities":[]}"#, .badMessage, "slots"),
        (#"{"type":"hello","name":"n","capabilities":[],"slots":1025}"#, .badMessage, "slots"),
        (#"{"type":"hello","name":"n","capabilities":[1],"slots":1}"#, .badMessage, "capabilities"),
        (
            #"{"type":"hello","name":"n","capabilities":["\#(String(repeating: "x", count: 129))"],"slots":1}"#,
            .badMessage, "capabilities"
        ),
        (
            #"{"type":"hello","name":"n","capabilities":[\#(Array(repeating: "\"a\"", count: 65).joined(separator: ","))],"slots":1}"#,
            .badMessage, "capabilities"
        ),
        (#"{"type":"publish","data":1}"#, .badMessage, "topic"),
        (#"{"type":"publish","topic":"tasks","data":1}"#, .unknownTopic, nil),
        (#"{"type":"publish","topic":"app/x"}"#, .badMessage, "data"),
        (#"{"type":"publish","topic":"app/x","data":1,"key":"\#(long)"}"#, .badMessage, "key"),
        (
            #"{"type":"publish","topic":"app/x","data":"\#(String(repeating: "x", count: 16 * 1024 - 1))"}"#,
            .badMessage, "data"
        ),
        (#"{"type":"task.run"}"#, .badMessage, "name"), (#"{"type":"task.run","name":""}"#, .badMessage, "name"),
        (#"{"type":"task.run","name":"n","params":[]}"#, .badMessage, "params"),
        (
            #"{"type":"task.run","name":"n","params":{"a":"\#(String(repeating: "x", count: 64 * 1024))"}}"#,
            .badMessage, "params"
        ),
        (#"{"type":"task.run","name":"n","priority":101}"#, .badMessage, "priority"),
        (#"{"type":"task.run","name":"n","priority":"high"}"#, .badMessage, "priority"),
        (#"{"type":"task.run","name":"n","attempts":0}"#, .badMessage, "attempts"),
        (#"{"type":"task.run","name":"n","attempts":101}"#, .badMessage, "attempts"),
        (#"{"type":"task.run","name":"n","requires":"g"}"#, .badMessage, "requires"),
        (#"{"type":"task.run","name":"n","task":"a b"}"#, .badMessage, "task"),
        (#"{"type":"task.run","name":"n","task":""}"#, .badMessage, "task"),
        (#"{"type":"task.cancel"}"#, .badMessage, "task"),
        (#"{"type":"task.accept","task":"t"}"#, .badMessage, "lease"),
    ]

    @Test("every wrong message gets its code and the name of its field", arguments: bad.indices)
    func wrong(index: Int) {
        let (text, code, field) = Self.bad[index]
        guard case .failure(let error, _) = read(text) else {
            Issue.record("accepted: \(text.prefix(200))")
            return
        }
        #expect(error.code == code, "\(text.prefix(200))")
        #expect(error.field == field, "\(text.prefix(200))")
    }

    @Test("data of exactly 16 KiB is taken")
    func greatestData() throws {
        let text = String(repeating: "x", count: 16 * 1024 - 2)
        #expect(
            try message(#"{"type":"publish","topic":"app/x","data":"\#(text)"}"#)
                == .publish(app: "x", data: .string(text), key: nil)
        )
    }

    @Test("an unknown topic is named, and so is the id of the message")
    func namesTopic() {
        guard case .failure(let error, let id) = read(#"{"type":"subscribe","id":"x","topics":["nope"]}"#) else {
            Issue.record("accepted")
            return
        }
        #expect(error.topic == "nope")
        #expect(id == "x")
    }
}

struct TestFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
