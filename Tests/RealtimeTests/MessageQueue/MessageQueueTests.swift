import Domain
import OrderedCollections
import Testing

@testable import Realtime

/// What other programs ask for on the queue, and what they hear of this server.
@Suite("A server on a message queue")
struct MessageQueueTests {
    private let bus = FakeQueue()
    private let node: QueueNode

    init() {
        node = QueueNode("a", on: bus)
        node.run()
        _ = bus.takePublished()
    }

    private func emit(_ rest: String) {
        bus.publish(#"{"method":"emit","namespace":"/","host_id":"python",\#(rest)}"#)
        node.run()
    }

    /// What the server has put on the queue since the last call, without its words to other servers.
    private func published() -> [String] {
        bus.takePublished().filter { $0.port == node.port.index }.map { String(decoding: $0.message, as: UTF8.self) }
            .filter { !$0.contains(#""namespace":"/vitrine""#) }
    }

    // MARK: - Hearing

    @Test("an event without a room reaches everyone once, Socket.IO clients and native ones, but those left out")
    func everyone() throws {
        let ann = FakeMember(node.test, sid: "ann", rooms: ["r"])
        let bob = FakeMember(node.test, sid: "bob")
        let socket = try node.test.connect()
        let stream = try node.test.stream([.library])
        let left = try node.test.connect()
        let id = try #require(left.take().first?["client"]?.string)
        _ = (socket.take(), stream.take())
        emit(#""event":"hi","data":[{"a":1}],"room":null,"skip_sid":["bob","\#(id)"]"#)
        #expect(ann.take() == [#"42["hi",{"a":1}]"#])
        #expect(bob.take().isEmpty)
        #expect(socket.take().map(\.text) == [#"{"type":"client.event","event":"hi","data":{"a":1}}"#])
        #expect(stream.take().map(\.event) == ["client.event"])
        #expect(left.take().isEmpty)
        emit(#""event":"two","data":[1,2]"#)
        #expect(socket.take().map(\.text) == [#"{"type":"client.event","event":"two","data":[1,2]}"#])
    }

    @Test("an event to a room reaches its members and the native subscribers of its topic")
    func room() throws {
        let ann = FakeMember(node.test, sid: "ann", rooms: ["r"])
        let bob = FakeMember(node.test, sid: "bob")
        let socket = try node.test.connect()
        socket.send(#"{"type":"subscribe","topics":["app/r"]}"#)
        _ = socket.take()
        emit(#""event":"e","data":[1,"x"],"room":"r""#)
        #expect(ann.take() == [#"42["e",1,"x"]"#])
        #expect(bob.take().isEmpty)
        let message = try #require(socket.take().first)
        #expect(message.type == "app.message")
        #expect(message["topic"] == "app/r" && message["from"] == "python")
        #expect(message["data"]?.text == #"{"event":"e","args":[1,"x"]}"#)
    }

    @Test("of several rooms a client in two gets the event once")
    func rooms() throws {
        let ann = FakeMember(node.test, sid: "ann", rooms: ["r", "s"])
        let bob = FakeMember(node.test, sid: "bob", rooms: ["s"])
        let cid = FakeMember(node.test, sid: "cid")
        let socket = try node.test.connect()
        let id = try #require(socket.take().first?["client"]?.string)
        socket.send(#"{"type":"subscribe","topics":["app/s"]}"#)
        _ = socket.take()
        emit(#""event":"e","data":[1],"room":["r","s","cid","\#(id)"]"#)
        for member in [ann, bob, cid] { #expect(member.take() == [#"42["e",1]"#]) }
        let messages = socket.take()
        #expect(messages.map(\.type) == ["app.message", "client.event"])
        #expect(messages.first?["topic"] == "app/s")
        emit(#""event":"e","data":[1],"room":[]"#)
        for member in [ann, bob, cid] { #expect(member.take().isEmpty) }
    }

    @Test("an event to the id of a client reaches that client alone, native or not")
    func client() throws {
        let ann = FakeMember(node.test, sid: "ann")
        let bob = FakeMember(node.test, sid: "bob")
        let socket = try node.test.connect()
        let other = try node.test.connect()
        let id = try #require(socket.take().first?["client"]?.string)
        _ = other.take()
        emit(#""event":"e","data":[1],"room":"ann""#)
        #expect(ann.take() == [#"42["e",1]"#])
        #expect(bob.take().isEmpty)
        emit(#""event":"e","data":[2],"room":"\#(id)""#)
        #expect(socket.take().map(\.text) == [#"{"type":"client.event","event":"e","data":2}"#])
        emit(#""event":"e","data":[3],"room":"\#(id)","skip_sid":"\#(id)""#)
        #expect(socket.take().isEmpty)
        #expect(other.take().isEmpty)
    }

    @Test("binary data reaches Socket.IO clients as such and native ones as base64")
    func binary() throws {
        let ann = FakeMember(node.test, sid: "ann", rooms: ["r"])
        let socket = try node.test.connect()
        socket.send(#"{"type":"subscribe","topics":["app/r"]}"#)
        _ = socket.take()
        emit(#""event":"b","binary":true,"data":[[{"_placeholder":true,"num":0},2],"AAEC"],"room":"r""#)
        #expect(ann.take() == [#"451-["b",{"_placeholder":true,"num":0},2]"#, "bAAEC"])
        #expect(socket.take().first?["data"]?["args"]?.text == #"[{"base64":"AAEC"},2]"#)
        emit(#""event":"b","binary":true,"data":[[{"_placeholder":true,"num":0}],"AAEC"]"#)
        #expect(socket.take().first?["data"]?.text == #"{"base64":"AAEC"}"#)
    }

    @Test("an event of another namespace reaches its members, not native clients")
    func namespace() throws {
        let socket = try node.test.connect()
        _ = socket.take()
        let ann = FakeMember(node.test, sid: "ann")
        ann.subscriber.add([.namespace("/n"), .room(namespace: "/n", name: "r")])
        for room in [#""r""#, "null"] {
            bus.publish(#"{"method":"emit","namespace":"/n","event":"e","data":[1],"room":\#(room)}"#)
        }
        node.run()
        #expect(ann.take() == [#"42/n,["e",1]"#, #"42/n,["e",1]"#])
        #expect(socket.take().isEmpty)
    }

    @Test("a client that does not read is left out of events without a room, and costs bounded memory")
    func slow() throws {
        let socket = try node.test.connect()
        _ = socket.take()
        socket.link.stall()
        let text = String(repeating: "x", count: 10_000)
        for _ in 0..<200 { emit(#""event":"e","data":["\#(text)"]"#) }
        #expect(node.test.hub.statistics.slowReaders > 100)
        socket.link.release()
        #expect((20...40).contains(socket.take().count))
    }

    @Test("an acknowledgement goes back to who asked for it, to nobody else")
    func acknowledgement() throws {
        let ann = FakeMember(node.test, sid: "ann")
        let bob = FakeMember(node.test, sid: "bob")
        emit(#""event":"q","data":[1],"room":"ann","callback":["ann","/",7]"#)
        #expect(bob.asked.isEmpty && ann.take().isEmpty)
        let asked = try #require(ann.asked.first)
        #expect(asked.event == "q" && asked.arguments == [1])
        asked.acknowledged(["yes", 2])
        node.run()
        #expect(
            published() == [
                #"{"method":"callback","host_id":"python","sid":"ann","namespace":"/","id":7,"args":["yes",2]}"#
            ]
        )
    }

    @Test("an absurd count in a server's word and an event behind it do no harm")
    func absurdCount() {
        let ann = FakeMember(node.test, sid: "ann")
        let word = #""event":"beat","data":[{"v":1,"server":"b","n":1,"emits":9223372036854775807}]"#
        bus.publish(#"{"method":"emit",\#(word),"namespace":"/vitrine","room":"servers","host_id":"hb"}"#)
        bus.publish(#"{"method":"emit","event":"e","data":[1],"namespace":"/","room":"ann","host_id":"hb"}"#)
        node.run()
        #expect(ann.take() == [#"42["e",1]"#])
    }

    @Test("an event that asks for an acknowledgement keeps its place among the others")
    func acknowledgementOrder() throws {
        let relay = VFrameRelay(journal: node.journal, reported: nil)
        let socket = try node.test.socketIO(.v4, role: .admin, on: 0, link: RecordingLink()) {
            VFrameBehaviour(relay: relay)
        }
        socket.send("0")
        node.run()
        let client = VFrameClient(socket)
        for (event, more) in [("a", ""), ("b", #","callback":["x","/",1]"#), ("c", "")] {
            let rest = #""event":"\#(event)","data":[],"room":"\#(client.sid)"\#(more)"#
            bus.publish(#"{"method":"emit","namespace":"/","host_id":"python",\#(rest)}"#)
        }
        node.run()
        #expect(socket.take() == [#"2["a"]"#, #"20["b"]"#, #"2["c"]"#])
    }

    @Test("clients are thrown out, and let into rooms and out of them")
    func membership() {
        let ann = FakeMember(node.test, sid: "ann")
        let bob = FakeMember(node.test, sid: "bob", rooms: ["r"])
        bus.publish(#"{"method":"enter_room","sid":"ann","room":"r","namespace":"/","host_id":"x"}"#)
        emit(#""event":"e","data":[1],"room":"r""#)
        #expect(ann.take() == [#"42["e",1]"#] && bob.take() == [#"42["e",1]"#])
        bus.publish(#"{"method":"leave_room","sid":"bob","room":"r","namespace":"/","host_id":"x"}"#)
        emit(#""event":"e","data":[2],"room":"r""#)
        #expect(ann.take() == [#"42["e",2]"#] && bob.take().isEmpty)
        bus.publish(#"{"method":"close_room","room":"r","namespace":"/","host_id":"x"}"#)
        emit(#""event":"e","data":[3],"room":"r""#)
        #expect(ann.take().isEmpty)
        bus.publish(#"{"method":"disconnect","sid":"ann","namespace":"/other","host_id":"x"}"#)
        bus.publish(#"{"method":"disconnect","sid":"bob","namespace":"/","host_id":"x"}"#)
        node.run()
        #expect(ann.isConnected && !bob.isConnected)
    }

    @Test("all channels are heard, and what cannot be read is counted and changes nothing")
    func unreadable() {
        let ann = FakeMember(node.test, sid: "ann")
        bus.publish(channel: "flask-socketio", #"{"method":"emit","event":"f","data":[1],"room":null}"#)
        bus.publish(channel: "elsewhere", #"{"method":"emit","event":"g","data":[1],"room":null}"#)
        bus.publish("\u{80}\u{4}pickle")
        bus.publish(#"{"method":"emit"}"#)
        bus.publish("nonsense")
        bus.publish(#"{"method":"emit","event":"hello","data":[1],"namespace":"/vitrine","host_id":"x"}"#)
        node.run()
        #expect(ann.take() == [#"42["f",1]"#])
        #expect(node.queue.statistics.ignoredMessages == ["foreign": 2, "malformed": 2])
    }

    @Test("messages under the process's own name are passed over, wherever the name stands in them")
    func own() {
        let ann = FakeMember(node.test, sid: "ann")
        bus.publish(#"{"method":"emit","event":"e","data":[1],"room":null,"host_id":"a-host-1"}"#)
        bus.publish(#"{"host_id":"a-host-1","method":"emit","event":"e","data":[1],"room":null}"#)
        bus.publish(#"{"method":"callback","sid":"ann","namespace":"/","id":1,"args":[],"host_id":"a-host-1"}"#)
        bus.publish(#"{"method":"emit","event":"e","data":[2],"room":null,"host_id":"another"}"#)
        node.run()
        #expect(ann.take() == [#"42["e",2]"#])
        #expect(node.queue.statistics.ignoredMessages.isEmpty)
    }

    // MARK: - Saying

    @Test("a message to a room goes out once, and one that came in does not")
    func messages() {
        node.journal.publish(
            .roomMessage(
                RoomMessage(room: "r", event: "e", arguments: [1], skipping: ["ann"], sender: "s")
            )
        )
        node.run()
        #expect(
            published() == [
                """
                {"method":"emit","event":"e","data":[1],"binary":false,"namespace":"/","room":"r","skip_sid":"ann",\
                "callback":null,"host_id":"a-host-1"}
                """
            ]
        )
        emit(#""event":"e","data":[1],"room":"r""#)
        emit(#""event":"e","data":[1],"room":null"#)
        #expect(published().isEmpty)
    }

    @Test("own tasks are told in VFrame's words to the room /client")
    func tasks() {
        var task = TaskRecord(id: "t", name: "n", created: 1)
        node.journal.publish(.taskCreated(task))
        task.state = .running
        task.attempt = 1
        task.started = 2
        node.journal.publish(.taskStarted(task))
        task.progress = TaskRecord.Progress(current: 1, total: 4, message: "m")
        node.journal.publish(.taskProgress(task))
        node.journal.publish(.taskLog(task: "t", line: TaskLogLine(at: 3, level: .error, message: "oh")))
        task.state = .done
        task.finished = 4
        node.journal.publish(.taskFinished(task))
        var reported = TaskRecord(id: "v", name: "vframe", created: 1)
        reported.isRelayed = true
        node.journal.publish(.taskCreated(reported))
        reported.state = .running
        node.journal.publish(.taskStarted(reported))
        node.run()
        let events = published().compactMap { text -> String? in
            guard let json = try? JSONParser.parse(text), json["room"] == "/client" else { return nil }
            return "\(json["event"]?.string ?? "?") \(json["data"]?.text ?? "?")"
        }
        #expect(
            events == [
                #"task_start [{"uuid":"t"}]"#,
                #"task_update [{"uuid":"t","type":"progress","data":{"current":1,"total":4,"message":"m"}}]"#,
                #"task_update [{"uuid":"t","type":"error","data":"oh"}]"#,
                #"task_end [{"uuid":"t"}]"#,
            ]
        )
    }

    @Test("what is published to a topic reaches the same topic of another server, with its key, and rooms of others")
    func topics() throws {
        let other = QueueNode("b", on: bus)
        let both = [node, other]
        both.run()
        let socket = try other.test.connect()
        socket.send(#"{"type":"subscribe","topics":["app/x"]}"#)
        _ = socket.take()
        _ = bus.takePublished()
        node.journal.publish(.appMessage(name: "x", from: "me", data: ["n": 1], key: "k"))
        both.run()
        let message = try #require(socket.take().first)
        #expect(message.type == "app.message" && message["topic"] == "app/x" && message["from"] == "me")
        #expect(message["data"]?.text == #"{"n":1}"# && message["key"] == "k")
        #expect(other.journal.read { $0.apps.values("x")["k"] } == ["n": 1])
        let said = published()
        #expect(said.count == 1 && said[0].contains(#""room":"app/x""#) && said[0].contains(#""event":"app.message""#))
    }

    @Test("an event for a client goes to the server it is connected to; nobody's client gets none")
    func messenger() throws {
        let other = QueueNode("b", on: bus)
        let both = [node, other]
        let socket = try other.test.connect()
        let id = try #require(socket.take().first?["client"]?.string)
        both.run()
        #expect(node.queue.send(event: ["userid": .string(id), "x": 1], toClient: id))
        both.run()
        #expect(
            socket.take().map(\.text)
                == [#"{"type":"client.event","event":"task","data":{"userid":"\#(id)","x":1}}"#]
        )
        #expect(other.queue.send(event: ["y": 1], toClient: id))
        both.run()
        #expect(socket.take().count == 1)
        #expect(!node.queue.send(event: [:], toClient: "nobody"))
    }

    @Test("while the queue is away nothing is kept for it, and local work goes on")
    func away() {
        let ann = FakeMember(node.test, sid: "ann", rooms: ["r"])
        node.port.set(connected: false)
        node.run()
        #expect(!node.queue.statistics.isConnected)
        node.journal.publish(.roomMessage(RoomMessage(room: "r", event: "e", arguments: [1], sender: "s")))
        node.run()
        #expect(ann.take() == [#"42["e",1]"#])
        #expect(bus.takePublished().isEmpty)
        node.port.set(connected: true)
        node.run()
        #expect(node.queue.statistics.isConnected)
        #expect(published().isEmpty)
        node.journal.publish(.roomMessage(RoomMessage(room: "r", event: "e", arguments: [2], sender: "s")))
        node.run()
        #expect(published().count == 1)
    }
}
