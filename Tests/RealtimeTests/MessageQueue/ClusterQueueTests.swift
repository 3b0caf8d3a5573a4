import Domain
import OrderedCollections
import Testing

@testable import Realtime

/// Two servers on one queue, as their clients see them.
@Suite("Two servers on a queue")
struct ClusterQueueTests {
    private let bus = FakeQueue()
    private let a: QueueNode
    private let b: QueueNode
    private var both: [QueueNode] { [a, b] }

    init() {
        a = QueueNode("a", on: bus)
        b = QueueNode("b", on: bus)
        [a, b].run()
        [a, b].advance(2_000)
    }

    private func begin(_ id: String, on node: QueueNode) -> TaskRecord {
        var task = TaskRecord(id: id, name: "n", created: 1)
        node.journal.publish(.taskCreated(task))
        task.state = .running
        task.attempt = 1
        task.started = 2
        task.executor = .local
        node.journal.publish(.taskStarted(task))
        both.run()
        return task
    }

    private func messages(_ client: ScriptedClient) -> [String] {
        client.take().map { message in
            [message.type, message["task"]?.string, message["info"]?["server"]?.string, message["reason"]?.string]
                .compactMap(\.self).joined(separator: " ")
        }
    }

    @Test("a dashboard sees the other server's task from its beginning to its end, Socket.IO clients once each")
    func task() throws {
        let dashboard = try a.test.connect()
        dashboard.send(#"{"type":"subscribe","topics":["tasks"]}"#)
        _ = dashboard.take()
        let member = FakeMember(a.test, sid: "ann", rooms: ["/client"])
        member.subscriber.add([.tasks])
        var task = begin("t", on: b)
        task.progress = TaskRecord.Progress(current: 1, total: 2, message: "")
        b.journal.publish(.taskProgress(task))
        b.journal.publish(.taskLog(task: "t", line: TaskLogLine(at: 1, level: .info, message: "l")))
        both.run()
        task.state = .done
        task.result = ["x": 1]
        task.finished = 9
        b.journal.publish(.taskFinished(task))
        both.run()
        #expect(
            messages(dashboard) == [
                "task.created t b", "task.started t", "task.progress t", "task.log t", "task.finished t b",
            ]
        )
        #expect(
            member.take() == [
                #"42["task_start",{"uuid":"t"}]"#,
                #"42["task_update",{"uuid":"t","type":"progress","data":{"current":1,"total":2,"message":""}}]"#,
                #"42["task_update",{"uuid":"t","type":"debug","data":"l"}]"#,
                #"42["task_end",{"uuid":"t"}]"#,
            ]
        )
        let shown = try #require(a.journal.read { $0.tasks.task("t") })
        #expect(shown.result == ["x": 1] && shown.server == "b" && shown.isRelayed)
        #expect(a.journal.read { $0.tasks.log("t") }.map(\.message) == ["l"])
        #expect(a.journal.read { $0.tasks.counts[.done] } == 1)
        #expect(a.journal.read { $0.tasks.countsElsewhere[.done] } == 1)
        #expect(b.journal.read { $0.tasks.countsElsewhere[.done] } == 0)
    }

    @Test("a server that comes later learns what goes on, and Socket.IO clients there hear of running tasks")
    func late() throws {
        var task = begin("t", on: b)
        task.progress = TaskRecord.Progress(current: 3, total: nil, message: "")
        b.journal.publish(.taskProgress(task))
        let client = try b.test.connect()
        let id = try #require(client.take().first?["client"]?.string)
        both.run()
        let late = QueueNode("c", on: bus, isConnected: false)
        let member = FakeMember(late.test, sid: "ann", rooms: ["/client"])
        late.port.set(connected: true)
        let all = both + [late]
        all.run()
        all.advance(1_500)
        let record = try #require(late.journal.read { $0.clients.client(id) })
        #expect(record.server == "b" && record.protocol == "vitrine.v1")
        #expect(late.journal.read { $0.tasks.task("t")?.progress?.current } == 3)
        #expect(
            member.take() == [
                #"42["task_start",{"uuid":"t"}]"#,
                #"42["task_update",{"uuid":"t","type":"progress","data":{"current":3,"message":""}}]"#,
            ]
        )
        #expect(late.queue.statistics.servers == 2)
    }

    @Test("a server's silence takes its clients away and its tasks back to the queue, and its return puts it right")
    func silence() throws {
        let task = begin("t", on: b)
        b.journal.publish(.taskCreated(TaskRecord(id: "q", name: "n", created: 1)))
        let client = try b.test.connect()
        let id = try #require(client.take().first?["client"]?.string)
        both.run()
        let dashboard = try a.test.connect()
        dashboard.send(#"{"type":"subscribe","topics":["tasks","clients"]}"#)
        _ = dashboard.take()
        let member = FakeMember(a.test, sid: "ann", rooms: ["/client"])
        _ = a.journal.publish(.roomMessage(RoomMessage(room: "x", event: "e", arguments: [], sender: "")))
        b.port.set(connected: false)
        both.run()
        a.advance(14_000)
        #expect(messages(dashboard).isEmpty)
        a.advance(1_200)
        #expect(member.take() == [#"42["task_end",{"uuid":"t"}]"#])
        let told = messages(dashboard)
        #expect(Set(told) == ["task.requeued t restart", "task.waiting q", "client.left"])
        for task in ["t", "q"] {
            let shown = try #require(a.journal.read { $0.tasks.task(task) })
            #expect(shown.state == .queued && shown.waiting == "its server is away" && shown.server == "b")
        }
        #expect(a.journal.read { $0.clients.client(id) } == nil)
        b.port.set(connected: true)
        both.run()
        #expect(a.journal.read { $0.tasks.task("t") }?.state == .running)
        #expect(a.journal.read { $0.tasks.task("q") }?.waiting == nil)
        #expect(a.journal.read { $0.clients.client(id) }?.server == "b")
        #expect(member.take() == [#"42["task_start",{"uuid":"t"}]"#])
        _ = task
    }

    @Test("a goodbye counts at once")
    func goodbye() async throws {
        let task = begin("t", on: b)
        let (queue, loop) = (b.queue, b.loop)
        let end = Task { await queue.stop() }
        await loop.runNext()
        await end.value
        both.run()
        #expect(a.journal.read { $0.tasks.task("t") }?.waiting == "its server is away")
        #expect(a.queue.statistics.servers == 0)
        b.journal.publish(.taskFinished(task))
        both.run()
        #expect(a.journal.read { $0.tasks.task("t") }?.state == .queued)
    }

    @Test("what ended unseen is known by its end when its server remembers, and otherwise as lost")
    func unseenEnds() throws {
        var first = begin("t", on: b)
        var second = begin("u", on: b)
        b.port.set(connected: false)
        both.run()
        second.state = .failed
        second.error = TaskRecord.Failure(code: "c", message: "m")
        b.journal.publish(.taskFinished(second))
        for number in 0..<50 {
            first.state = .done
            first.id = number == 0 ? "t" : "x\(number)"
            b.journal.publish(.taskFinished(first))
        }
        second.id = "u"
        b.port.set(connected: true)
        both.run()
        #expect(a.journal.read { $0.tasks.task("t") }?.state == .done)
        #expect(a.journal.read { $0.tasks.task("u") }?.error?.code == "lost")
    }

    @Test("a task or client of this server is never another's to change")
    func ownership() throws {
        let own = begin("t", on: a)
        var foreign = own
        foreign.state = .done
        foreign.finished = 3
        b.journal.publish(.taskFinished(foreign))
        let client = try a.test.connect()
        let id = try #require(client.take().first?["client"]?.string)
        b.journal.publish(.clientLeft(id: id))
        both.run()
        #expect(a.journal.read { $0.tasks.task("t") }?.state == .running)
        #expect(a.journal.read { $0.tasks.task("t") }?.server == nil)
        #expect(a.journal.read { $0.clients.client(id) } != nil)
    }

    @Test("a task is cancelled where it is, unless its server is away")
    func cancel() async {
        _ = begin("t", on: b)
        let (queue, loop) = (a.queue, a.loop)
        let answer = Task { await queue.cancel("t", at: "b") }
        await loop.runNext()
        #expect(await answer.value)
        both.run()
        #expect(b.cancellations.all == ["t"] && a.cancellations.all.isEmpty)
        b.port.set(connected: false)
        both.run()
        a.advance(16_000)
        let late = Task { await queue.cancel("t", at: "b") }
        await loop.runNext()
        #expect(await !late.value)
    }

    @Test("two servers with clocks apart agree on who is there")
    func clocks() {
        b.loop.advance(500_000)
        both.advance(20_000)
        #expect(a.queue.statistics.servers == 1 && b.queue.statistics.servers == 1)
    }

    @Test("a line of reasons reaches the tasks it is about, and no others")
    func reasons() {
        for (id, requires) in [("p", ["gpu"]), ("q", ["gpu"]), ("r", ["cpu"])] {
            b.journal.publish(.taskCreated(TaskRecord(id: id, name: "n", requires: requires, created: 1)))
        }
        var apart = TaskRecord(id: "q", name: "n", requires: ["gpu"], created: 1)
        apart.waiting = "of its own"
        b.journal.publish(.taskWaiting(apart))
        both.run()
        b.journal.publish(.tasksWaiting(requires: ["gpu"], waiting: "no worker offers gpu"))
        both.run()
        for node in both {
            #expect(node.journal.read { $0.tasks.task("p") }?.waiting == "no worker offers gpu")
            #expect(node.journal.read { $0.tasks.task("q") }?.waiting == "of its own")
            #expect(node.journal.read { $0.tasks.task("r") }?.waiting == nil)
        }
        a.journal.publish(.tasksWaiting(requires: ["gpu"], waiting: "elsewhere"))
        both.run()
        #expect(a.journal.read { $0.tasks.task("p") }?.waiting == "no worker offers gpu")
    }
}
