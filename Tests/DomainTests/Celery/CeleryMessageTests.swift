import Foundation
import OrderedCollections
import Testing

@testable import Domain

/// What is put into a Celery queue, held against contracts/socketio.md §8.
@Suite struct CeleryMessageTests {
    private static let record = TaskRecord(
        id: "task-1",
        name: "long_task",
        params: ["b": 1, "a": "é\u{1F600}"],
        created: 5
    )

    private func message(
        _ arguments: CeleryRoute.Arguments = .vframe,
        priority: Int = 0,
        queue: String = "celery"
    ) -> CeleryMessage {
        var record = Self.record
        record.priority = priority
        let route = CeleryRoute(name: "long_task", queue: queue, task: "app.long_task", arguments: arguments)
        let id = CeleryIdentifier.make(task: record.id, created: record.created, attempt: 1)
        return CeleryMessage(id: id, route: route, record: record, endpoint: "http://api:5000/worker", origin: "v@h")
    }

    @Test("the envelope has the members of protocol 2, and the id in all its places")
    func envelope() throws {
        let message = message()
        let id = JSON.string(message.id)
        let json = try JSONParser.parse(message.encoded)
        #expect(json["content-encoding"] == "utf-8" && json["content-type"] == "application/json")
        let headers = try #require(json["headers"]?.object)
        #expect(headers["task"] == "app.long_task" && headers["id"] == id && headers["root_id"] == id)
        #expect(headers["lang"] == "py" && headers["retries"] == 0 && headers["timelimit"] == [.null, .null])
        for name in ["parent_id", "group", "group_index", "eta", "expires", "shadow", "stamped_headers"] {
            #expect(headers[name] == .null, "\(name)")
        }
        #expect(headers["origin"] == "v@h" && headers["ignore_result"] == false && headers["stamps"] == [:])
        let properties = try #require(json["properties"]?.object)
        #expect(properties["body_encoding"] == "base64" && properties["correlation_id"] == id)
        #expect(properties["delivery_tag"] == id && properties["delivery_mode"] == 2 && properties["priority"] == 0)
        #expect(properties["delivery_info"] == ["exchange": "", "routing_key": "celery"])
        let body = try #require(json["body"]?.string.flatMap { Data(base64Encoded: $0) })
        let embed: JSON = ["callbacks": .null, "errbacks": .null, "chain": .null, "chord": .null]
        #expect(
            try JSONParser.parse(Array(body))
                == [["task-1", "http://api:5000/worker", ["b": 1, "a": "é\u{1F600}"]], [:], embed]
        )
    }

    @Test("parameters go as keyword arguments when the route says so")
    func params() throws {
        let decoded = try #require(CeleryEnvelope.decode(message(.params).encoded))
        #expect(decoded.body.array?.prefix(2) == [[], ["b": 1, "a": "é\u{1F600}"]])
        #expect(decoded.headers["kwargsrepr"]?.string?.contains("\"b\":1") == true)
    }

    @Test(
        "a priority leads to its list, the default to Celery's own",
        arguments: [
            (100, 0, "q"), (0, 0, "q"), (-1, 3, "q\u{06}\u{16}3"), (-33, 3, "q\u{06}\u{16}3"),
            (-34, 6, "q\u{06}\u{16}6"), (-66, 6, "q\u{06}\u{16}6"), (-67, 9, "q\u{06}\u{16}9"),
            (-100, 9, "q\u{06}\u{16}9"),
        ]
    )
    func priorities(priority: Int, step: Int, list: String) throws {
        let message = message(priority: priority, queue: "q")
        #expect(message.step == step && message.list == list)
        let json = try JSONParser.parse(message.encoded)
        #expect(json["properties"]?["priority"] == .int(Int64(step)))
        #expect(json["properties"]?["delivery_info"]?["routing_key"] == "q")
    }

    @Test("one attempt is always the same message, and no two attempts have the same id")
    func identity() {
        #expect(message().encoded == message().encoded)
        let ids = [("a", 1, 1), ("a", 1, 2), ("a", 2, 1), ("b", 1, 1), ("a\u{0}1", 1, 1)].map {
            task,
            created,
            attempt in
            CeleryIdentifier.make(task: task, created: created, attempt: attempt)
        }
        #expect(Set(ids).count == ids.count)
        for id in ids { #expect(UUID(uuidString: id)?.uuidString.lowercased() == id) }
        #expect(ids.allSatisfy { Array($0.utf8)[14] == UInt8(ascii: "8") && "89ab".utf8.contains(Array($0.utf8)[19]) })
    }

    @Test(
        "what is no envelope is none",
        arguments: [
            "", "x", "[]", "{}", #"{"body":1}"#, #"{"body":"x"}"#,
            #"{"body":"!","properties":{"body_encoding":"base64"}}"#,
            #"{"body":"eA==","properties":{"body_encoding":"base64"}}"#,
        ]
    )
    func noEnvelope(text: String) {
        #expect(CeleryEnvelope.decode(Array(text.utf8)) == nil)
    }

    @Test("a body without an encoding is read as it stands")
    func plainBody() throws {
        let decoded = try #require(
            CeleryEnvelope.decode(Array(#"{"body":"{\"w\":[]}","headers":{"ticket":"t"}}"#.utf8))
        )
        #expect(decoded.body == ["w": []] && decoded.headers["ticket"] == "t")
    }

    @Test("commands to all workers have the contract's shape")
    func commands() throws {
        let question = CeleryCommand.inspect(.active, ticket: "t", owner: "o", expires: 12.5)
        let envelope = try JSONParser.parse(question)
        #expect(envelope["headers"] == ["clock": 1, "expires": 12.5])
        let properties = try #require(envelope["properties"])
        #expect(properties["delivery_info"] == ["exchange": "celery.pidbox", "routing_key": ""])
        #expect(properties["body_encoding"] == "base64" && properties["delivery_tag"]?.string?.utf8.count == 36)
        #expect(
            CeleryEnvelope.decode(question)?.body == [
                "method": "active", "arguments": ["safe": .null], "destination": .null, "pattern": .null,
                "matcher": .null, "ticket": "t",
                "reply_to": ["exchange": "reply.celery.pidbox", "routing_key": "o"],
            ]
        )
        let revoke = try #require(CeleryEnvelope.decode(CeleryCommand.revoke("id")))
        #expect(revoke.body["method"] == "revoke" && revoke.body["reply_to"] == nil)
        #expect(revoke.body["arguments"] == ["task_id": "id", "terminate": true, "signal": "SIGTERM"])
        #expect(revoke.headers["expires"] == nil)
    }

    @Test("names in Redis are the contract's")
    func keys() {
        #expect(CeleryKeys.result("i") == "celery-task-meta-i")
        #expect(CeleryKeys.commands(database: 3) == "/3.celery.pidbox")
        #expect(CeleryKeys.replies("o") == "o.reply.celery.pidbox")
        #expect(CeleryKeys.replyMember("o") == "o\u{06}\u{16}\u{06}\u{16}o.reply.celery.pidbox")
    }
}
