import Domain
import OrderedCollections
import Synchronization
import Testing

/// What happens elsewhere, on the boards of this server.
@Suite("Events of other processes")
struct OriginTests {
    private func task(_ id: String, _ state: TaskRecord.State = .queued, of server: String? = nil) -> TaskRecord {
        var record = TaskRecord(id: id, name: "n", requires: ["gpu"], created: 0)
        record.state = state
        record.server = server
        return record
    }

    @Test("every listener hears where an event comes from")
    func origin() {
        let journal = Journal(epoch: "e", clock: WallClock { 1 })
        let heard = Mutex<[String]>([])
        for name in ["x", "y"] {
            journal.listen { entry in heard.withLock { $0.append("\(name) \(entry.offset) \(entry.origin ?? "-")") } }
        }
        journal.publish(.clientLeft(id: "a"))
        journal.publish(.clientLeft(id: "b"), from: "h")
        journal.publish(from: "i") { state in
            #expect(state.offset == 2)
            return [.clientLeft(id: "c"), .clientLeft(id: "d")]
        }
        #expect(
            heard.withLock { $0 } == [
                "x 1 -", "y 1 -", "x 2 h", "y 2 h", "x 3 i", "y 3 i", "x 4 i", "y 4 i",
            ]
        )
    }

    @Test("the relay board knows who told of a task, until the task ends")
    func relays() {
        var board = RelayBoard()
        func apply(_ event: String, _ uuid: String, from origin: String?) {
            let argument: JSON = ["uuid": .string(uuid)]
            board.apply(
                .roomMessage(RoomMessage(room: "/client", event: event, arguments: [argument], sender: "s")),
                from: origin
            )
        }
        apply("task_start", "own", from: nil)
        apply("task_start", "a", from: "h")
        apply("task_start", "b", from: "h")
        #expect(board.tasks(from: "h") == ["a", "b"])
        apply("task_start", "a", from: nil)
        #expect(board.origins == ["b": "h"])
        apply("task_end", "b", from: "h")
        #expect(board.origins.isEmpty && Array(board.tasks.keys) == ["own", "a"])
        for number in 0..<RelayBoard.limit { apply("task_start", "x\(number)", from: "i") }
        #expect(board.origins.count == RelayBoard.limit && board.tasks.count == RelayBoard.limit)
        apply("task_start", "one more", from: nil)
        #expect(board.origins.count == RelayBoard.limit - 1)
    }

    @Test("another's tasks count among all, and apart, and are no reason for anything to be done here")
    func counts() {
        var board = TaskBoard()
        board.apply(.taskCreated(task("own")))
        board.apply(.taskCreated(task("far", of: "b")))
        board.apply(.taskStarted(task("far", .running, of: "b")))
        #expect(board.counts[.queued] == 1 && board.counts[.running] == 1)
        #expect(board.countsElsewhere[.running] == 1 && board.countsElsewhere[.queued] == 0)
        #expect(board.hasUnfinished { $0.id == "own" } && !board.hasUnfinished { $0.id == "far" })
        board.apply(.taskFinished(task("far", .done, of: "b")))
        #expect(board.countsElsewhere[.done] == 1 && board.countsElsewhere[.running] == 0)
        #expect(board.ownFinished.isEmpty)
        // An own task takes the place of another's with the same id.
        board.apply(.taskCreated(task("same", of: "b")))
        board.apply(.taskCreated(task("same")))
        #expect(board.countsElsewhere[.queued] == 0 && board.counts[.queued] == 2)
        board.apply(.tasksWaiting(requires: ["gpu"], waiting: "no worker offers gpu"))
        #expect(board.task("same")?.waiting == "no worker offers gpu")
    }

    @Test("the reasons of this server's queue are not those of another's tasks")
    func reasons() {
        var board = TaskBoard()
        board.apply(.taskCreated(task("own")))
        var far = task("far", of: "b")
        far.waiting = "of its own"
        board.apply(.taskCreated(far))
        board.apply(.tasksWaiting(requires: ["gpu"], waiting: "no worker offers gpu"))
        #expect(board.task("own")?.waiting == "no worker offers gpu")
        #expect(board.task("far")?.waiting == "of its own")
        #expect(board.snapshot.tasks.map(\.waiting).contains("of its own"))
        #expect(board.unfinished(of: nil, limit: 9).queued.map(\.waiting) == ["no worker offers gpu"])
        #expect(board.unfinished(of: "b", limit: 9).queued.map(\.waiting) == ["of its own"])
        #expect(board.unfinished(of: "b", limit: 0).queued.isEmpty)
    }

    @Test("tasks and clients read as they were written")
    func reading() throws {
        var task = TaskRecord(id: "t", name: "n", params: ["a": [1]], priority: -3, attempts: 2, created: 5)
        task.state = .failed
        task.attempt = 2
        task.requires = ["x", "y"]
        task.progress = TaskRecord.Progress(current: 1, total: 2, message: "m")
        task.executor = TaskRecord.Executor(kind: .celery, client: "c", name: "w")
        task.waiting = "why"
        task.result = .null
        task.error = TaskRecord.Failure(code: "c", message: "m")
        task.started = 6
        task.finished = 7
        task.server = "b"
        #expect(TaskRecord(try read { $0.value(task) }) == task)
        task.result = nil
        task.resultSize = 99_999
        #expect(TaskRecord(try read { $0.value(task) }) == task)
        var client = ClientRecord(
            id: "c",
            kind: .worker,
            transport: .polling,
            protocol: "eio3",
            role: .worker,
            since: 3,
            address: "::1"
        )
        client.name = "n"
        client.topics = ["tasks"]
        client.server = "b"
        var worker = ClientRecord.Worker(capabilities: ["x"], slots: 2)
        worker.busy = 1
        worker.tasks = ["t"]
        worker.done = 5
        worker.failed = 6
        worker.lastError = "e"
        client.worker = worker
        #expect(ClientRecord(try read { $0.value(client) }) == client)
    }

    @Test("what is no task or client is not taken for one")
    func malformed() throws {
        let good = try read { $0.value(task("t")) }
        #expect(TaskRecord(good) != nil)
        for (name, value) in [
            ("uuid", "a b"), ("uuid", .null), ("params", []), ("state", "gone"), ("attempt", -1), ("attempts", 0),
            ("created", "now"), ("name", 1), ("priority", .null),
        ] as [(String, JSON)] {
            var members = good.object ?? [:]
            members[name] = value
            #expect(TaskRecord(.object(members)) == nil, "\(name)")
        }
        #expect(TaskRecord("t") == nil && ClientRecord([:]) == nil && ClientRecord(["id": "c"]) == nil)
        #expect(TaskRecord.Progress(["current": -1, "message": ""]) == nil)
        #expect(ClientRecord.Worker(["slots": -1]) == nil)
    }

    private func read(_ write: (inout JSONWriter) -> Void) throws -> JSON {
        var writer = JSONWriter()
        write(&writer)
        return try JSONParser.parse(writer.bytes)
    }
}
