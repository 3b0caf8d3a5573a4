import Domain
import Testing

@testable import Realtime

/// Who hears what in which room (contracts/socketio.md §6).
struct SocketIORoomTests {
    @Test("a room's messages reach its members of both protocols, and nobody else")
    func rooms() throws {
        let test = VFrameHub(loops: 2)
        let old = try test.connect(.v3)
        let new = try test.connect(.v4, on: 1)
        let other = try test.connect(.v4)
        for client in [old, new] { client.join("r") }
        other.join("s")
        test.say(1, room: "r")
        test.say(2, room: "s")
        test.say(3, room: nil)
        test.say(4, room: "nobody's")
        test.hub.run()
        #expect(old.take() == ["e 1", "e 3"])
        #expect(new.take() == ["e 1", "e 3"])
        #expect(other.take() == ["e 2", "e 3"])
        old.leave("r")
        test.say(5, room: "r")
        test.hub.run()
        #expect(old.take() == [])
        #expect(new.take() == ["e 5"])
    }

    @Test("a message to another namespace is not for this one")
    func namespaces() throws {
        let test = VFrameHub()
        let client = try test.connect()
        client.join("r")
        for room in ["r", nil] {
            let message = RoomMessage(namespace: "/x", room: room, event: "e", arguments: [], sender: "t")
            test.hub.journal.publish(.roomMessage(message))
        }
        test.hub.run()
        #expect(client.take() == [])
    }

    @Test(
        "a message to a client's own ids reaches it alone, in order with the rest",
        arguments: [EngineIOVersion.v3, .v4]
    )
    func ownRooms(_ version: EngineIOVersion) throws {
        let test = VFrameHub()
        let client = try test.connect(version)
        let other = try test.connect(version)
        for member in [client, other] { member.join("r") }
        test.say(1, room: "r")
        test.say(2, room: client.sid)
        test.say(3, room: "r")
        test.say(4, room: client.userid)
        test.say(5, room: nil)
        test.say(6, room: other.sid)
        test.say(7, room: "r")
        test.hub.run()
        #expect(client.take() == ["e 1", "e 2", "e 3", "e 4", "e 5", "e 7"])
        #expect(other.take() == ["e 1", "e 3", "e 5", "e 6", "e 7"])
    }

    @Test("who joins a room with its own id hears its messages once")
    func joinsOwnRoom() throws {
        let test = VFrameHub()
        let client = try test.connect()
        client.join(client.sid)
        client.join("app/\(client.sid)")
        _ = client.take()
        test.say(1, room: client.sid)
        test.say(2, room: client.sid)
        test.hub.run()
        #expect(client.take() == ["e 1", "e 2"])
        client.leave(client.sid)
        test.say(3, room: client.sid)
        test.hub.run()
        #expect(client.take() == ["e 3"])
    }

    @Test("a message may leave out clients by either of their ids")
    func skipping() throws {
        let test = VFrameHub()
        let first = try test.connect()
        let second = try test.connect()
        let third = try test.connect()
        for client in [first, second, third] { client.join("r") }
        test.say(1, room: "r", skipping: [first.sid, second.userid])
        test.say(2, room: nil, skipping: [third.sid])
        test.hub.run()
        #expect(first.take() == ["e 2"])
        #expect(second.take() == ["e 2"])
        #expect(third.take() == ["e 1"])
    }

    @Test("after a client has gone nothing of it is left in the hub")
    func gone() throws {
        let test = VFrameHub()
        let client = try test.connect()
        client.join("r")
        client.join("/client")
        let sid = client.sid
        client.client.disconnect()
        test.say(1, room: "r")
        test.say(2, room: sid)
        test.hub.run()
        #expect(client.take().filter { $0.hasPrefix("e") } == [])
    }

    // MARK: - Topics

    @Test("a room with a topic's name is that topic too: first its state, then what follows")
    func topics() throws {
        let test = VFrameHub()
        test.hub.say("x", 1, key: "k")
        let client = try test.connect(.v3, role: .viewer)
        let offset = test.hub.offset
        #expect(
            client.ask("join", ["room": "app/x"])
                == [#"snapshot {"topic":"app/x","offset":\#(offset),"state":{"values":{"k":1}}}"#]
        )
        test.hub.say("x", "é😀")
        test.say(7, room: "app/x")
        test.say(8, room: "x")
        test.hub.run()
        let words = client.takeEvents()
        #expect(words.map(\.name) == ["app.message", "e", "e"])
        #expect(words.first?.data["topic"] == "app/x")
        #expect(words.first?.data["data"] == "é😀")
        #expect(words.first?.data["from"] == "tester")
        client.leave("app/x")
        test.hub.say("x", 3)
        test.hub.run()
        #expect(client.take() == [])
    }

    @Test("library, clients and the others tell their state in the native shape")
    func states() throws {
        let test = VFrameHub()
        let client = try test.connect()
        for name in ["library", "training", "models", "tags", "collections", "log", "tasks"] {
            client.join(name)
            let event = client.takeEvents()
            #expect(event.map(\.name) == ["snapshot"])
            #expect(event.first?.data["topic"]?.string == name)
            #expect(event.first?.data["state"]?.object != nil)
        }
        client.join("clients")
        let clients = client.takeEvents().filter { $0.name == "snapshot" }
        #expect(clients.first?.data["state"]?["clients"]?.array?.count == 1)
    }

    @Test("the log is for operators; for others its room is a room like any")
    func log() throws {
        let test = VFrameHub()
        let viewer = try test.connect(role: .viewer)
        let admin = try test.connect(role: .operator)
        for client in [viewer, admin] { client.join("log") }
        #expect(viewer.take() == [])
        #expect(admin.take().count == 1)
        test.hub.journal.publish(.logLine(LogLine(at: 1, level: .info, message: "secret", source: "s")))
        test.say(1, room: "log")
        test.hub.run()
        #expect(viewer.take() == ["e 1"])
        #expect(admin.takeNames() == ["log.line", "e"])
    }

    @Test("a task that has left the board is asked for in the store, and what is said meanwhile waits")
    func finishedTask() async throws {
        let tasks = FakeTasks()
        let test = VFrameHub(tasks: tasks)
        let client = try test.connect()
        client.join("task/old")
        client.emit("pingpong")
        #expect(client.take() == [])
        await tasks.waitForCall()
        var task = TaskRecord(id: "old", name: "n", created: 1)
        task.state = .done
        tasks.answer(TaskState(task: task, log: []))
        await test.hub.loop.runNext()
        let events = client.takeEvents()
        #expect(events.map(\.name) == ["snapshot", "pingpong"])
        #expect(events.first?.data["state"]?["task"]?["uuid"] == "old")
    }

    @Test("who goes while the store is asked is not waited for, and what it said counts")
    func goneWhileAsked() async throws {
        let tasks = FakeTasks()
        let test = VFrameHub(tasks: tasks)
        let client = try test.connect()
        client.join("task/old")
        client.emit("task_start", ["uuid": "t"])
        #expect(test.reports.take() == [])
        client.client.disconnect()
        #expect(test.reports.take() == ["start t", "end t lost"])
        await tasks.waitForCall()
        tasks.answer(nil)
        await test.hub.loop.runNext()
        #expect(test.clients.isEmpty)
    }

    @Test("joining again tells the state again; a room may be left while another holds its topic")
    func again() throws {
        let test = VFrameHub()
        let client = try test.connect()
        client.join("/client")
        client.join("tasks")
        client.join("/client")
        #expect(client.takeNames() == ["list_tasks", "snapshot", "list_tasks"])
        #expect(test.clients.first?.topics == ["/client", "tasks"])
        client.leave("/client")
        var task = TaskRecord(id: "own", name: "n", created: 1)
        task.state = .running
        test.hub.journal.publish(.taskStarted(task))
        test.hub.run()
        #expect(client.take() == [#"task_start {"uuid":"own"}"#])
        client.leave("tasks")
        test.hub.journal.publish(.taskProgress(task))
        test.hub.run()
        #expect(client.take() == [])
    }

    // MARK: - Bounds

    @Test("a client may be in so many rooms, and names may be so long")
    func bounds() throws {
        let test = VFrameHub { $0.maxSubscriptions = 3 }
        let client = try test.connect()
        let long = String(repeating: "x", count: SocketIOSession.roomNameLimit)
        for room in [long, long + "x", "", "b", "b", "c", "d", "/client"] { client.join(room) }
        #expect(test.clients.first?.topics == [long, "b", "c"])
        #expect(client.take() == [])
        client.leave("b")
        client.join("/client")
        #expect(client.takeNames() == ["list_tasks"])
    }
}

extension VFrameClient {
    /// The events since the last call: name and first argument.
    func takeEvents() -> [(name: String, data: JSON)] { client.takeEvents() }

    /// Their names.
    func takeNames() -> [String] { client.takeEvents().map(\.name) }
}
