import Domain
import Testing

@testable import Realtime

/// Each event of VFrame's API, good and bad (contracts/vframe.md §4).
struct VFrameEventTests {
    @Test(
        "a client is told its id first, after CONNECT, whatever protocol it speaks",
        arguments: [EngineIOVersion.v3, .v4]
    )
    func connected(_ version: EngineIOVersion) throws {
        let test = VFrameHub()
        let client = try test.connect(version)
        #expect(client.welcome.count == 2)
        #expect(client.welcome.first?.hasPrefix("0") == true)
        #expect(client.welcome.last == #"2["status",{"key":"connected_user","value":"\#(client.userid)"}]"#)
        #expect(client.userid.utf8.count == 36)
        #expect(client.userid != client.sid)
        #expect(test.clients.map(\.id) == [client.userid])
    }

    @Test("status comes back under another name, whatever it is")
    func status() throws {
        let client = try VFrameHub().connect()
        #expect(client.ask("status", ["status": "x"]) == [#"status {"key":"x"}"#])
        #expect(client.ask("status", ["status": ["a": 1]]) == [#"status {"key":{"a":1}}"#])
        #expect(client.ask("status", ["status": .null]) == [#"status {"key":null}"#])
    }

    @Test("a binary status comes back with its attachments")
    func binaryStatus() throws {
        let client = try VFrameHub().connect()
        client.client.send(#"51-["status",{"status":{"_placeholder":true,"num":0}}]"#)
        client.client.send(binary: [1, 2])
        #expect(client.client.take() == [#"51-["status",{"key":{"_placeholder":true,"num":0}}]"#])
        #expect(client.client.attachments == [[1, 2]])
    }

    @Test("pingpong is answered")
    func pingpong() throws {
        let client = try VFrameHub().connect()
        #expect(client.ask("pingpong") == [#"pingpong {"type":"PING PONG!!!"}"#])
        #expect(client.ask("pingpong", ["x": 1]) == [#"pingpong {"type":"PING PONG!!!"}"#])
    }

    @Test("who asks to be disconnected is told so, then is", arguments: [EngineIOVersion.v3, .v4])
    func disconnectRequest(_ version: EngineIOVersion) throws {
        let test = VFrameHub()
        let client = try test.connect(version)
        client.emit("task_start", ["uuid": "t"])
        _ = test.reports.take()
        client.emit("disconnect request")
        #expect(client.client.take() == [#"2["status",{"key":"disconnected"}]"#, "1"])
        #expect(client.link.isClosed)
        #expect(test.clients.isEmpty)
        #expect(test.reports.take() == ["end t clean"])
    }

    @Test("who asks to be disconnected without reading is told all the same")
    func disconnectUnread() throws {
        let client = try VFrameHub().connect()
        client.link.stall()
        client.emit("status", ["status": 1])
        client.emit("disconnect request")
        #expect(
            client.client.take() == [#"2["status",{"key":1}]"#, #"2["status",{"key":"disconnected"}]"#, "1"]
        )
    }

    @Test(
        "malformed and unknown events are ignored, and the connection goes on",
        arguments: [
            #"2["status"]"#, #"2["status",null]"#, #"2["status","x"]"#, #"2["status",{}]"#, #"2["status",[1]]"#,
            #"2["join"]"#, #"2["join",{}]"#, #"2["join",{"room":1}]"#, #"2["join",{"room":null}]"#,
            #"2["join",{"room":""}]"#, #"2["join","/client"]"#, #"2["leave"]"#, #"2["leave",{"room":[]}]"#,
            #"2["leave",{"room":"never joined"}]"#,
            #"2["task_start"]"#, #"2["task_start",{}]"#, #"2["task_start",{"uuid":1}]"#,
            #"2["task_start",{"uuid":""}]"#,
            #"2["task_start",{"uuid":"a b"}]"#, #"2["task_start",["uuid"]]"#,
            #"2["task_update"]"#, #"2["task_update",{"type":"progress","data":{}}]"#, #"2["task_update",7]"#,
            #"2["task_update",{"uuid":null,"type":"debug","data":"x"}]"#,
            #"2["task",{"type":"x"}]"#, #"2["system",{"cmd":"x"}]"#, #"2["nonsense",1,2,3]"#, #"2[1,2]"#,
            #"2["task_end",{"uuid":"t"}]"#, #"2["list_tasks"]"#, "39[1]",
        ]
    )
    func ignored(_ text: String) throws {
        let test = VFrameHub()
        let watcher = try test.connect()
        watcher.join("/client")
        _ = watcher.take()
        let client = try test.connect()
        client.client.send(text)
        test.hub.run()
        #expect(client.take() == [])
        #expect(watcher.take() == [])
        #expect(test.reports.take() == [])
        #expect(client.ask("pingpong") == [#"pingpong {"type":"PING PONG!!!"}"#])
    }

    @Test("who has left the namespace is forgotten, and may come back as someone else")
    func leavesNamespace() throws {
        let test = VFrameHub()
        let client = try test.connect()
        client.join("/client")
        client.client.send("1")
        #expect(test.clients.isEmpty)
        test.say(1, room: "/client")
        test.say(2, room: nil)
        test.hub.run()
        #expect(client.client.take().filter { !$0.hasPrefix(#"2["list_tasks""#) } == [])
        client.client.send("0")
        #expect(test.clients.count == 1)
        #expect(test.clients.first?.id != client.userid)
        #expect(test.clients.first?.topics == [])
    }

    // MARK: - Presence

    @Test("a client joins once, changes with what it does, and leaves once", arguments: [EngineIOVersion.v3, .v4])
    func presence(_ version: EngineIOVersion) throws {
        let test = VFrameHub()
        let watcher = try test.hub.connect()
        watcher.send(#"{"type":"subscribe","topics":["clients"]}"#)
        _ = watcher.take()
        let client = try test.connect(version, role: .worker)
        client.join("room")
        client.join("/client")
        client.leave("room")
        client.emit("task_start", ["uuid": "t"])
        client.client.disconnect()
        test.hub.run()
        let events = watcher.take()
        #expect(
            events.map(\.type) == ["client.joined"] + Array(repeating: "client.changed", count: 4) + ["client.left"]
        )
        #expect(events.allSatisfy { $0["client"]?.string == client.userid })
        let first = events[0]["info"]
        #expect(first?["protocol"]?.string == (version == .v3 ? "eio3" : "eio4"))
        #expect(first?["transport"] == "websocket")
        #expect(first?["role"] == "worker")
        #expect(first?["kind"] == "script")
        #expect(first?["address"] == "192.0.2.7")
        #expect(events[1]["info"]?["topics"] == ["room"])
        #expect(events[2]["info"]?["topics"] == ["room", "/client"])
        #expect(events[2]["info"]?["kind"] == "dashboard")
        #expect(events[3]["info"]?["topics"] == ["/client"])
        #expect(events[4]["info"]?["kind"] == "worker")
        #expect(events[4]["info"]?["worker"]?["tasks"] == ["t"])
        #expect(test.clients.map(\.protocol) == ["vitrine.v1"])
    }

    @Test("a client that never enters a namespace is not listed")
    func absent() throws {
        let test = VFrameHub()
        let relay = test.relay
        let client = try test.hub.socketIO { VFrameBehaviour(relay: relay) }
        #expect(test.clients.isEmpty)
        client.disconnect()
        #expect(test.hub.offset == 0)
    }

    @Test("a connection that breaks while it is welcomed leaves no ghost", arguments: [EngineIOVersion.v3, .v4])
    func breaksAtOnce(_ version: EngineIOVersion) throws {
        let test = VFrameHub()
        let link = RecordingLink()
        weak var engine: EngineSession?
        link.onWrite = { engine?.closed(link) }
        let relay = test.relay
        let client = try test.hub.socketIO(version, link: link) { VFrameBehaviour(relay: relay) }
        engine = client.engine
        client.send("0")
        client.send(#"2["status",{"status":1}]"#)
        test.hub.run()
        #expect(test.clients.isEmpty)
        #expect(test.hub.hub.shards[0].sessions.isEmpty || version == .v3)
        client.disconnect()
        #expect(test.clients.isEmpty)
    }

    @Test("socket/event reaches the client as event task, and nobody else")
    func direct() throws {
        let test = VFrameHub(loops: 2)
        let first = try test.connect()
        let second = try test.connect(.v3, on: 1)
        #expect(test.hub.hub.send(event: ["userid": "u", "x": 1], toClient: second.userid))
        #expect(!test.hub.hub.send(event: [:], toClient: "nobody"))
        test.hub.run()
        #expect(first.take() == [])
        #expect(second.take() == [#"task {"userid":"u","x":1}"#])
    }
}
