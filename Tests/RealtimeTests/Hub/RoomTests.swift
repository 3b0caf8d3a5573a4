import Domain
import Testing

@testable import Realtime

@Suite("Rooms in the hub")
struct RoomTests {
    /// A member of rooms, without a protocol around it.
    private final class Member: HubClient {
        let subscriber: Subscriber
        let tasks: any FinishedTasks = FakeTasks()
        let link = RecordingLink()
        var recoveries = 0

        init(_ test: TestHub, name: String, topics: [Topic], format: WireFormat = .engineIOPolling) {
            let shard = test.hub.shards[0]
            subscriber = Subscriber(shard: shard, format: format, configuration: test.hub.configuration)
            subscriber.open(link, for: self)
            link.session = self
            subscriber.names = [name]
            shard.join(self)
            subscriber.add(topics)
        }

        func writable() { subscriber.drain() }
        func tick(now: Milliseconds) {}
        func shutDown() {}
        func abandon() {}
        func resynchronize(on shard: HubShard) {
            recoveries += 1
            _ = subscriber.recover()
        }

        /// The packets that came, in words.
        func take() -> [String] {
            link.take().split(separator: 0x1E).map { String(decoding: $0, as: UTF8.self) }
        }
    }

    private let room = Topic.room(namespace: "/", name: "r")

    private func say(_ test: TestHub, _ number: Int, room: String? = "r", skipping: Set<String> = []) {
        let arguments: [JSON] = [.int(Int64(number))]
        test.journal.publish(
            .roomMessage(
                RoomMessage(room: room, event: "e", arguments: arguments, skipping: skipping, sender: "s")
            )
        )
    }

    @Test("a message reaches the members of its room, or everyone in the namespace, but not those it leaves out")
    func reach() {
        let test = TestHub()
        let ann = Member(test, name: "ann", topics: [room, .namespace("/")])
        let bob = Member(test, name: "bob", topics: [room, .namespace("/")])
        let cid = Member(test, name: "cid", topics: [.namespace("/")])
        say(test, 1)
        say(test, 2, skipping: ["ann", "cid"])
        say(test, 3, room: nil, skipping: ["bob"])
        say(test, 4, room: "elsewhere")
        test.run()
        #expect(ann.take() == [#"42["e",1]"#, #"42["e",3]"#])
        #expect(bob.take() == [#"42["e",1]"#, #"42["e",2]"#])
        #expect(cid.take() == [#"42["e",3]"#])
    }

    @Test("who is left out keeps the order of the rest when it is slow")
    func leftOutAndSlow() {
        let test = TestHub()
        let ann = Member(test, name: "ann", topics: [room])
        ann.link.stall()
        say(test, 1)
        say(test, 2, skipping: ["ann"])
        say(test, 3)
        test.run()
        #expect(ann.take().isEmpty)
        ann.link.release()
        #expect(ann.take() == [#"42["e",1]"#, #"42["e",3]"#])
    }

    @Test("what waits when the transport changes leaves in the new format, in order")
    func change() {
        let test = TestHub()
        let ann = Member(test, name: "ann", topics: [room])
        ann.link.stall()
        ann.subscriber.send(encoded: MessageEncoder.engineIO(text: Array("0".utf8), format: .engineIOPolling))
        say(test, 1)
        test.run()
        ann.subscriber.change(to: .engineIOWebSocket(.v4)) { MessageEncoder.recode(polling: $0, to: .v4) }
        say(test, 2)
        test.run()
        ann.link.release()
        say(test, 3)
        test.run()
        var expected: [UInt8] = []
        for text in ["40", #"42["e",1]"#, #"42["e",2]"#, #"42["e",3]"#] {
            Array(text.utf8).withUnsafeBytes { FrameEncoder.encode(.text, $0, into: &expected) }
        }
        #expect(ann.link.take() == expected)
    }

    @Test("a slow member is told the state anew in its own way, and events without words do not count")
    func slow() {
        let test = TestHub { $0.queueEvents = 3 }
        let ann = Member(test, name: "ann", topics: [room, .tasks])
        ann.link.stall()
        for number in 0..<10 { test.journal.publish(.taskCreated(TaskRecord(id: "t\(number)", name: "n", created: 1))) }
        for number in 0..<3 { say(test, number) }
        test.run()
        #expect(!ann.subscriber.isLagging)
        say(test, 3)
        test.run()
        #expect(ann.subscriber.isLagging)
        ann.link.release()
        #expect(ann.recoveries == 1)
        say(test, 4)
        test.run()
        #expect(ann.take() == [#"42["e",4]"#])
    }

    @Test("a native subscriber of app/<room> sees the room's messages")
    func native() throws {
        let test = TestHub()
        let client = try test.connect()
        client.send(#"{"type":"subscribe","topics":["app/r"]}"#)
        _ = client.take()
        say(test, 7)
        say(test, 8, room: nil)
        test.run()
        let messages = client.take()
        #expect(messages.map(\.type) == ["app.message"])
        #expect(messages.first?["topic"] == "app/r")
        #expect(messages.first?["data"]?.text == #"{"event":"e","args":[7]}"#)
    }
}
