import Domain
import Testing

@testable import Realtime

/// What clients write, read; and what is refused (contracts/socketio.md §3).
struct SocketIODecoderTests {
    typealias Packet = SocketIOPacket

    private static func event(_ name: String, _ values: [JSON] = [], id: Int? = nil, in namespace: String = "/")
        -> Packet
    {
        Packet(.event(name: name, SocketIOArguments(values), id: id), namespace: namespace)
    }

    @Test(
        "each form of a text packet is read",
        arguments: [
            ("0", Packet(.connect(nil))),
            ("0{}", Packet(.connect([:]))),
            (#"0{"token":"x"}"#, Packet(.connect(["token": "x"]))),
            ("0/admin", Packet(.connect(nil), namespace: "/admin")),
            ("0/admin,", Packet(.connect(nil), namespace: "/admin")),
            (#"0/admin,{"a":1}"#, Packet(.connect(["a": 1]), namespace: "/admin")),
            ("0/admin?token=1&b=2,", Packet(.connect(nil), namespace: "/admin")),
            ("0/admin?token=1", Packet(.connect(nil), namespace: "/admin")),
            ("0/?token=1,", Packet(.connect(nil))),
            ("1", Packet(.disconnect)),
            ("1/admin,", Packet(.disconnect, namespace: "/admin")),
            ("1/custom", Packet(.disconnect, namespace: "/custom")),
            (#"2["hello",1]"#, event("hello", [1])),
            (#"2["hello"]"#, event("hello")),
            (#"2 ["hello" , 1 ] "#, event("hello", [1])),
            (#"212["hello"]"#, event("hello", id: 12)),
            (#"20["hello"]"#, event("hello", id: 0)),
            (#"29007199254740991["x"]"#, event("x", id: 9_007_199_254_740_991)),
            (#"2/admin,456["x"]"#, event("x", id: 456, in: "/admin")),
            (#"2[7,"a"]"#, event("7", ["a"])),
            (#"2["e",{"_placeholder":true,"num":9}]"#, event("e", [["_placeholder": true, "num": 9]])),
            (#"3/admin,456["ok"]"#, Packet(.acknowledgement(id: 456, SocketIOArguments(["ok"])), namespace: "/admin")),
            ("30[]", Packet(.acknowledgement(id: 0, SocketIOArguments()))),
            (#"50-["nothing"]"#, event("nothing")),
        ]
    )
    func text(_ text: String, _ packet: SocketIOPacket) throws {
        var decoder = SocketIODecoder()
        #expect(try decoder.receive(text: text) == packet)
    }

    @Test(
        "what is malformed is refused by name",
        arguments: [
            ("", SocketIOFailure.unknownType), ("7", .unknownType), ("9[]", .unknownType), ("abc", .unknownType),
            ("[\"x\"]", .unknownType), ("é", .unknownType),
            ("2", .badPayload), ("2{}", .badPayload), ("2[]", .badPayload), (#"2abc["x"]"#, .badPayload),
            (#"2-1["x"]"#, .badPayload), ("2[null]", .badPayload), ("2[{}]", .badPayload), ("2[[]]", .badPayload),
            ("2[true]", .badPayload), ("2\"x\"", .badPayload), ("2null", .badPayload), (#"2["x""#, .badPayload),
            (#"2["x"]1"#, .badPayload), (#"2/admin["x"]"#, .badPayload),
            (#"29007199254740992["x"]"#, .badID), (#"299999999999999999999["x"]"#, .badID),
            ("0[]", .badPayload), ("0null", .badPayload), ("0\"x\"", .badPayload), ("0{", .badPayload),
            ("1{}", .badPayload), ("1/admin,{}", .badPayload),
            ("3[]", .badID), ("31", .badPayload), ("31{}", .badPayload),
            ("4{}", .notForClients), ("4/x,\"no\"", .notForClients),
            (#"5["x"]"#, .badAttachmentCount), (#"51["x"]"#, .badAttachmentCount), ("5", .badAttachmentCount),
            (#"5-["x"]"#, .badAttachmentCount), (#"5-1-["x"]"#, .badAttachmentCount), ("51", .badAttachmentCount),
            (#"511-["x"]"#, .badAttachmentCount), (#"599999999999999999999-["x"]"#, .badAttachmentCount),
            (#"51.5-["x"]"#, .badAttachmentCount), ("6[]", .badAttachmentCount),
            (#"51-["x",{"_placeholder":true,"num":1}]"#, .badPlaceholder),
            (#"51-["x",{"_placeholder":true,"num":-1}]"#, .badPlaceholder),
            (#"51-["x",{"_placeholder":true}]"#, .badPlaceholder),
            (#"51-["x",[{"a":{"_placeholder":true,"num":"0"}}]]"#, .badPlaceholder),
            (#"61-7[{"_placeholder":true,"num":2}]"#, .badPlaceholder),
            (#"2["connect"]"#, .reservedEvent), (#"2["connect_error"]"#, .reservedEvent),
            (#"2["disconnect"]"#, .reservedEvent), (#"2["disconnecting"]"#, .reservedEvent),
            (#"2["newListener"]"#, .reservedEvent), (#"2["removeListener"]"#, .reservedEvent),
            (#"51-["disconnect"]"#, .reservedEvent),
        ]
    )
    func malformed(_ text: String, _ failure: SocketIOFailure) {
        var decoder = SocketIODecoder()
        #expect(throws: failure) { try decoder.receive(text: text) }
    }

    @Test("a payload may be as deep as any message, and no deeper")
    func depth() throws {
        var decoder = SocketIODecoder()
        func nested(_ depth: Int) -> String {
            #"2["x","# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "]"
        }
        #expect(try decoder.receive(text: nested(HubConfiguration.depth - 1)) != nil)
        #expect(throws: SocketIOFailure.badPayload) { try decoder.receive(text: nested(HubConfiguration.depth)) }
    }

    @Test("a namespace may have 1,024 bytes, and no more")
    func namespaceLength() throws {
        var decoder = SocketIODecoder()
        let name = "/" + String(repeating: "é", count: 511)
        #expect(try decoder.receive(text: "0\(name)x,") == SocketIOPacket(.connect(nil), namespace: name + "x"))
        #expect(throws: SocketIOFailure.badNamespace) { try decoder.receive(text: "0\(name)xy,") }
    }

    // MARK: - Attachments

    @Test("a packet is whole once all its attachments have come, in order")
    func attachments() throws {
        var decoder = SocketIODecoder()
        let text = #"52-/admin,3["b",{"_placeholder":true,"num":1},{"x":[{"_placeholder":true,"num":0}]}]"#
        #expect(try decoder.receive(text: text) == nil)
        #expect(try decoder.receive(binary: [1, 2]) == nil)
        let values: [JSON] = [["_placeholder": true, "num": 1], ["x": [["_placeholder": true, "num": 0]]]]
        let arguments = SocketIOArguments(values, attachments: [[1, 2], []])
        #expect(
            try decoder.receive(binary: []) == SocketIOPacket(.event(name: "b", arguments, id: 3), namespace: "/admin")
        )
        // The next packet begins anew.
        #expect(try decoder.receive(text: #"2["hello"]"#) == Self.event("hello"))
    }

    @Test("an acknowledgement has attachments too")
    func binaryAcknowledgement() throws {
        var decoder = SocketIODecoder()
        #expect(try decoder.receive(text: #"61-9[{"_placeholder":true,"num":0}]"#) == nil)
        let arguments = SocketIOArguments([["_placeholder": true, "num": 0]], attachments: [[255]])
        #expect(try decoder.receive(binary: [255]) == SocketIOPacket(.acknowledgement(id: 9, arguments)))
    }

    @Test("an attachment that nothing announced is refused")
    func unexpectedAttachment() throws {
        var decoder = SocketIODecoder()
        #expect(throws: SocketIOFailure.unexpectedAttachment) { try decoder.receive(binary: [1]) }
        _ = try decoder.receive(text: #"51-["b"]"#)
        _ = try decoder.receive(binary: [1])
        #expect(throws: SocketIOFailure.unexpectedAttachment) { try decoder.receive(binary: [1]) }
    }

    @Test("a text between a packet and its attachments is refused")
    func missingAttachment() throws {
        var decoder = SocketIODecoder()
        _ = try decoder.receive(text: #"52-["b"]"#)
        _ = try decoder.receive(binary: [1])
        #expect(throws: SocketIOFailure.missingAttachment) { try decoder.receive(text: #"2["x"]"#) }
    }

    @Test("as many attachments as allowed may come, and not one more")
    func attachmentsLimit() throws {
        var decoder = SocketIODecoder()
        #expect(try decoder.receive(text: #"510-["b"]"#) == nil)
        for _ in 0..<9 { #expect(try decoder.receive(binary: [0]) == nil) }
        #expect(try decoder.receive(binary: [0]) != nil)
        var small = SocketIODecoder(maxAttachments: 2)
        #expect(throws: SocketIOFailure.badAttachmentCount) { try small.receive(text: #"53-["b"]"#) }
        var none = SocketIODecoder(maxAttachments: 0)
        #expect(throws: SocketIOFailure.badAttachmentCount) { try none.receive(text: #"51-["b"]"#) }
    }
}
