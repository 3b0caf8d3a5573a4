import Domain
import Testing

@testable import Realtime

/// The same stream as Server-Sent Events (contracts/realtime.md §7).
struct EventStreamSessionTests {
    @Test("first retry and welcome, then the snapshots without an id, then synced and events with one")
    func stream() throws {
        let test = TestHub()
        test.say("a", 1, key: "k")
        let client = try test.stream([.app("a"), .app("b")])
        let blocks = client.take()
        #expect(blocks.map(\.event) == [nil, "welcome", "snapshot", "snapshot", "synced"])
        #expect(blocks[0].retry == "2000")
        #expect(blocks.map(\.id) == [nil, nil, nil, nil, "e1:2"])
        #expect(blocks[2].data == [#"{"type":"snapshot","topic":"app/a","offset":2,"state":{"values":{"k":1}}}"#])
        #expect(blocks[4].data == [#"{"type":"synced","topics":["app/a","app/b"],"epoch":"e1","offset":2}"#])
        test.say("b", "line\nbreak")
        test.run()
        let events = client.take()
        #expect(events.map(\.id) == ["e1:3"])
        #expect(events.map(\.event) == ["app.message"])
        #expect(events.first?.data.count == 1)
    }

    @Test("a stream that comes back is replayed what it missed, each event with its id")
    func resumes() throws {
        let test = TestHub()
        for number in 1...5 { test.say("a", .int(Int64(number))) }
        let client = try test.stream([.app("a")], since: ResumePoint(epoch: "e1", offset: 3))
        let blocks = client.take().dropFirst(2)
        #expect(blocks.map(\.event) == ["app.message", "app.message", "synced"])
        #expect(blocks.map(\.id) == ["e1:4", "e1:5", "e1:6"])
        let other = try test.stream([.app("a")], since: ResumePoint(epoch: "e0", offset: 3))
        #expect(other.take().dropFirst(2).map(\.event) == ["resync", "snapshot", "synced"])
    }

    @Test("a slow stream gets the state anew")
    func slow() throws {
        let test = TestHub { $0.queueEvents = 10 }
        let client = try test.stream([.app("a")])
        _ = client.take()
        client.link.stall()
        for number in 0..<100 { test.say("a", .int(Int64(number)), key: number < 50 ? nil : "k") }
        test.run()
        test.loop.advance(20_000)
        #expect(client.take().isEmpty)
        client.link.release()
        test.run()
        let blocks = client.take()
        #expect(blocks.map(\.event) == ["resync", "snapshot", "synced"])
        #expect(blocks.map(\.id) == [nil, nil, "e1:\(test.offset)"])
    }

    @Test("a comment line comes every 15 s, and at shutdown the stream ends")
    func comments() throws {
        let test = TestHub()
        let client = try test.stream([.app("a")])
        _ = client.take()
        test.loop.advance(14_800)
        #expect(client.take().isEmpty)
        test.loop.advance(300)
        #expect(client.take() == [EventStreamParser.Block(comments: [""])])
        test.loop.advance(30_000)
        #expect(client.take().count == 2)
        test.hub.shutDown()
        test.run()
        #expect(client.link.isClosed)
    }

    @Test("a stream is a client like any other, with its topics")
    func presence() throws {
        let test = TestHub()
        let client = try test.stream([.tasks, .library], role: .viewer)
        let record = try #require(test.journal.read { $0.clients.clients.first })
        #expect(record.transport == .sse && record.protocol == "sse" && record.role == .viewer)
        #expect(record.topics == ["tasks", "library"])
        client.session.receive(Array("GET / HTTP/1.1\r\n\r\n".utf8))
        client.session.inputClosed()
        #expect(client.link.isClosed)
        client.session.closed()
        #expect(test.journal.read { $0.clients.count } == 0)
        #expect(test.hub.connectionCount == 0)
    }

    @Test("the state of finished tasks is looked up, at first and when it is sent anew")
    func finishedTasks() async throws {
        var task = TaskRecord(id: "t", name: "n", created: 1)
        task.state = .done
        let test = TestHub(tasks: FakeTasks(finished: ["t": TaskState(task: task, log: [])])) { $0.queueEvents = 5 }
        let client = try test.stream([.task("t"), .app("a")])
        await test.loop.runNext()
        let first = client.take()
        #expect(first.map(\.event) == [nil, "welcome", "snapshot", "snapshot", "synced"])
        #expect(first[2].data.first?.contains(#""state":"done""#) == true)
        client.link.stall()
        for _ in 0..<20 { test.say("a", 1) }
        test.run()
        client.link.release()
        await test.loop.runNext()
        let second = client.take()
        #expect(second.map(\.event) == ["resync", "snapshot", "snapshot", "synced"])
        #expect(second[1].data.first?.contains(#""state":"done""#) == true)
    }
}
