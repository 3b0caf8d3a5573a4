import Domain
import Testing

@testable import Realtime

/// The message queue's JSON, both ways (contracts/socketio.md §7).
@Suite("Messages on the queue")
struct QueueMessageTests {
    private func read(_ text: String) throws -> QueueMessage { try QueueMessage(Array(text.utf8)) }

    private func failure(_ bytes: [UInt8]) -> QueueMessage.Failure? {
        do {
            _ = try QueueMessage(bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test("what python-socketio 5.18 wrote is read")
    func python() throws {
        let message = try read(
            """
            {"method": "emit", "event": "hi", "data": [{"a": 1}], "binary": false, "namespace": "/", \
            "room": "/client", "skip_sid": null, "callback": null, "host_id": "0123456789abcdef0123456789abcdef"}
            """
        )
        #expect(message.host == "0123456789abcdef0123456789abcdef")
        var emit = QueueMessage.Emit(event: "hi", arguments: [["a": 1]], rooms: ["/client"])
        #expect(message.body == .emit(emit))
        let tuple = try read(
            #"{"method":"emit","event":"t","data":[1,"b",null],"room":["a","b","a"],"skip_sid":["s",null,"t"]}"#
        )
        emit = QueueMessage.Emit(event: "t", arguments: [1, "b", .null], rooms: ["a", "b"])
        emit.skipping = ["s", "t"]
        #expect(tuple == QueueMessage(.emit(emit), host: nil))
    }

    @Test("a single null stands for no arguments, and a null namespace for /")
    func nothing() throws {
        let message = try read(#"{"method":"emit","event":"e","data":[null],"namespace":null,"room":null}"#)
        #expect(message.body == .emit(QueueMessage.Emit(event: "e", arguments: [], rooms: nil)))
        let binary = try read(#"{"method":"emit","event":"e","data":[[null]],"binary":true}"#)
        #expect(binary.body == message.body)
    }

    @Test("binary data comes back from its base64")
    func binary() throws {
        let message = try read(
            """
            {"method":"emit","event":"b","binary":true,"room":"r","data":[[{"_placeholder":true,"num":0},\
            {"x":[{"_placeholder":true,"num":1}]}],"AAEC","/w=="]}
            """
        )
        guard case .emit(let emit) = message.body else {
            Issue.record("no emit")
            return
        }
        #expect(emit.attachments == [[0, 1, 2], [255]])
        #expect(emit.arguments.count == 2)
        #expect(
            emit.shownArguments.map(\.text) == [#"{"base64":"AAEC"}"#, #"{"x":[{"base64":"/w=="}]}"#]
        )
    }

    @Test("the other methods are read")
    func methods() throws {
        #expect(
            try read(#"{"method":"disconnect","sid":"s","namespace":"/","host_id":"h"}"#)
                == QueueMessage(.disconnect(sid: "s", namespace: "/"), host: "h")
        )
        #expect(
            try read(#"{"method":"enter_room","sid":"s","room":"r","namespace":"/n","host_id":"h"}"#)
                == QueueMessage(.enterRoom("r", sid: "s", namespace: "/n"), host: "h")
        )
        #expect(
            try read(#"{"method":"leave_room","sid":"s","room":"r","namespace":null,"host_id":7}"#)
                == QueueMessage(.leaveRoom("r", sid: "s", namespace: "/"), host: nil)
        )
        #expect(
            try read(#"{"method":"close_room","room":"r"}"#) == QueueMessage(.closeRoom("r", namespace: "/"), host: nil)
        )
        let callback = QueueMessage.Callback(room: "s", namespace: "/", id: 7)
        #expect(
            try read(#"{"method":"callback","host_id":"h","sid":"s","namespace":"/","id":7,"args":[1,"x"]}"#)
                == QueueMessage(.callback(callback, arguments: [1, "x"]), host: "h")
        )
        guard
            case .emit(let emit) = try read(
                #"{"method":"emit","event":"e","data":[],"room":"s","callback":["s","/",3]}"#
            ).body
        else {
            Issue.record("no emit")
            return
        }
        #expect(emit.callback == QueueMessage.Callback(room: "s", namespace: "/", id: 3))
    }

    @Test("messages are written as python-socketio writes them")
    func written() {
        var emit = QueueMessage.Emit(event: "e", arguments: [1, "ü"], rooms: nil)
        #expect(
            String(decoding: QueueMessage(.emit(emit), host: "h").encoded, as: UTF8.self) == """
                {"method":"emit","event":"e","data":[1,"ü"],"binary":false,"namespace":"/","room":null,\
                "skip_sid":null,"callback":null,"host_id":"h"}
                """
        )
        emit.arguments = [["_placeholder": true, "num": 0]]
        emit.attachments = [[1, 2, 3, 4]]
        emit.rooms = ["a", "b"]
        emit.skipping = ["t", "s"]
        emit.namespace = "/n"
        emit.callback = QueueMessage.Callback(room: "a", namespace: "/n", id: 5)
        #expect(
            String(decoding: QueueMessage(.emit(emit), host: "h").encoded, as: UTF8.self) == """
                {"method":"emit","event":"e","data":[[{"_placeholder":true,"num":0}],"AQIDBA=="],"binary":true,\
                "namespace":"/n","room":["a","b"],"skip_sid":["s","t"],"callback":["a","/n",5],"host_id":"h"}
                """
        )
        let callback = QueueMessage.Callback(room: "s", namespace: "/", id: 7)
        #expect(
            String(decoding: QueueMessage(.callback(callback, arguments: [1]), host: "h").encoded, as: UTF8.self)
                == #"{"method":"callback","host_id":"h","sid":"s","namespace":"/","id":7,"args":[1]}"#
        )
    }

    @Test("what is written reads the same, whatever it is")
    func roundTrip() throws {
        for seed in 1...200 as ClosedRange<UInt64> {
            var random = SeededGenerator(seed: seed)
            let message = Self.message(&random)
            #expect(try QueueMessage(message.encoded) == message, "seed \(seed)")
        }
    }

    @Test("pickles, other programs' messages and malformed ones are told apart, and none crashes")
    func refusals() {
        #expect(failure([0x80, 0x04, 0x95, 0x10]) == .pickled)
        #expect(failure([]) == .foreign)
        #expect(failure(Array("[1]".utf8)) == .foreign)
        #expect(failure(Array(#"{"method":"explode"}"#.utf8)) == .foreign)
        #expect(failure(Array(#"{"event":"e","data":[]}"#.utf8)) == .foreign)
        #expect(failure([0xFF, 0xFE]) == .foreign)
        #expect(failure([UInt8](repeating: UInt8(ascii: "["), count: 100_000)) == .foreign)
        #expect(failure([UInt8](repeating: 0x20, count: QueueMessage.sizeLimit + 1)) == .tooLarge)
        for text in [
            #"{"method":"emit"}"#, #"{"method":"emit","event":1,"data":[]}"#,
            #"{"method":"emit","event":"e","data":{}}"#, #"{"method":"emit","event":"e","data":[],"room":1}"#,
            #"{"method":"emit","event":"e","data":[],"room":["a",1]}"#,
            #"{"method":"emit","event":"e","data":[],"namespace":1}"#,
            #"{"method":"emit","event":"e","data":[],"skip_sid":{}}"#,
            #"{"method":"emit","event":"e","data":[],"callback":[1]}"#,
            #"{"method":"emit","event":"e","data":[],"binary":true}"#,
            #"{"method":"emit","event":"e","data":[[],"*"],"binary":true}"#,
            #"{"method":"emit","event":"e","data":[[],1],"binary":true}"#,
            #"{"method":"emit","event":"e","data":[[{"_placeholder":true,"num":0}]],"binary":true}"#,
            #"{"method":"emit","event":"e","data":[[{"_placeholder":true,"num":-1}],"AA=="],"binary":true}"#,
            #"{"method":"disconnect"}"#, #"{"method":"disconnect","sid":""}"#, #"{"method":"enter_room","sid":"s"}"#,
            #"{"method":"close_room","room":[]}"#, #"{"method":"callback","sid":"s","args":[]}"#,
            #"{"method":"callback","sid":"s","id":1,"args":7}"#,
        ] {
            #expect(failure(Array(text.utf8)) == .malformed, "\(text)")
        }
    }

    @Test("damaged messages never crash")
    func damage() {
        for seed in 1...2_000 as ClosedRange<UInt64> {
            var random = SeededGenerator(seed: seed)
            var bytes = Self.message(&random).encoded
            for _ in 0...Int.random(in: 0..<4, using: &random) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes.remove(at: index)
                case 1: bytes[index] = .random(in: .min ... .max, using: &random)
                default: bytes.removeSubrange(index...)
                }
            }
            _ = failure(bytes)
        }
    }

    // MARK: - Random messages

    static func message(_ random: inout SeededGenerator) -> QueueMessage {
        let host = random.chance(4) ? nil : text(&random)
        let namespace = random.chance(2) ? "/" : "/" + text(&random)
        let (sid, room) = (text(&random), text(&random))
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return QueueMessage(.disconnect(sid: sid, namespace: namespace), host: host)
        case 1: return QueueMessage(.enterRoom(room, sid: sid, namespace: namespace), host: host)
        case 2: return QueueMessage(.leaveRoom(room, sid: sid, namespace: namespace), host: host)
        case 3: return QueueMessage(.closeRoom(room, namespace: namespace), host: host)
        case 4:
            let callback = QueueMessage.Callback(room: sid, namespace: namespace, id: .int(.random(in: 0...9)))
            return QueueMessage(.callback(callback, arguments: values(&random)), host: host)
        default:
            var emit = QueueMessage.Emit(event: text(&random), arguments: values(&random), rooms: nil)
            emit.namespace = namespace
            if !random.chance(3) {
                emit.rooms = (0..<Int.random(in: 1...3, using: &random)).map { "\($0)" + text(&random) }
            }
            if random.chance(3) { emit.skipping = ["0" + text(&random), "1" + text(&random)] }
            if random.chance(3) {
                emit.attachments = (0..<Int.random(in: 1...3, using: &random)).map { _ in random.bytes(5) }
                emit.arguments += emit.attachments.indices.map { ["_placeholder": true, "num": .int(Int64($0))] }
            }
            if random.chance(4) {
                emit.callback = QueueMessage.Callback(room: room, namespace: namespace, id: .int(3))
            }
            return QueueMessage(.emit(emit), host: host)
        }
    }

    private static func text(_ random: inout SeededGenerator) -> String {
        String(
            (0...Int.random(in: 0..<6, using: &random)).map { _ in "abcäß😀\"\\/\n".randomElement(using: &random) ?? "x"
            }
        )
    }

    private static func values(_ random: inout SeededGenerator) -> [JSON] {
        var values = (0..<Int.random(in: 0..<3, using: &random)).map { _ in value(&random, depth: 3) }
        // It could not be told from no arguments.
        if values == [.null] { values = [] }
        return values
    }

    private static func value(_ random: inout SeededGenerator, depth: Int) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &random) {
        case 0: .null
        case 1: .bool(random.chance(2))
        case 2: .int(.random(in: -5...5, using: &random))
        case 3: .double(1.5)
        case 4: .string(text(&random))
        case 5: .array((0..<2).map { _ in value(&random, depth: depth - 1) })
        default: ["a": value(&random, depth: depth - 1), "b": value(&random, depth: depth - 1)]
        }
    }
}
