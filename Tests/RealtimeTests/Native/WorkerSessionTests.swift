import Domain
import Testing

@testable import Realtime

/// The side of a session that runs tasks: offers, words and their answers (contracts/realtime.md §6).
struct WorkerSessionTests {
    let test = TestHub { $0.lease = 777 }

    /// A worker that has said hello.
    private func connect(_ capabilities: String = #"["a","b"]"#, slots: Int = 2) throws -> (ScriptedClient, String) {
        let client = try test.connect(role: .worker)
        let id = try #require(client.take().first?["client"]?.string)
        client.send(#"{"type":"hello","name":"box","capabilities":\#(capabilities),"slots":\#(slots)}"#)
        #expect(client.takeTypes() == ["ready"])
        return (client, id)
    }

    private func offer(_ task: String, to client: String) -> TaskOffer {
        let lease = TaskLease(
            secret: "L-\(task)",
            task: task,
            executor: .init(kind: .peer, client: client),
            holder: client,
            attempt: 2,
            isAccepted: false,
            deadline: 9
        )
        let record = TaskRecord(id: task, name: "peer.depth", params: ["x": 1], attempts: 3, created: 1)
        return TaskOffer(lease: lease, record: record, acceptWithin: 5000)
    }

    private func worker(_ id: String) throws -> any TaskWorker { try #require(test.tasks.worker(id)) }

    private static func accept(_ task: String, id: Int? = nil) -> String {
        #"{"type":"task.accept","task":"\#(task)","lease":"L"\#(id.map { ",\"id\":\($0)" } ?? "")}"#
    }

    private static func done(_ task: String, id: Int? = nil) -> String {
        #"{"type":"task.done","task":"\#(task)","lease":"L","result":1\#(id.map { ",\"id\":\($0)" } ?? "")}"#
    }

    // MARK: - Coming and going

    @Test("hello as a worker joins with its name, capabilities and slots, hello as another does not")
    func joins() throws {
        let (_, id) = try connect()
        #expect(
            test.tasks.work == [
                .join(
                    WorkerProfile(
                        client: id,
                        executor: .init(kind: .peer, client: id, name: "box"),
                        capabilities: ["a", "b"],
                        slots: 2
                    )
                )
            ]
        )
        let script = try test.connect()
        script.send(#"{"type":"hello","name":"s","kind":"script"}"#)
        script.disconnect()
        #expect(test.tasks.work.count == 1)
    }

    @Test("the end of the connection leaves, once, whatever ends it", arguments: 0..<4)
    func leaves(way: Int) throws {
        let (client, id) = try connect()
        switch way {
        case 0: client.disconnect()
        case 1:
            client.send(bytes: client.frames.encodeClose(CloseCode(rawValue: 1000)))
            client.disconnect()
        case 2:
            test.hub.shutDown()
            test.run()
            client.disconnect()
        default:
            // A binary message breaks a rule.
            client.send(bytes: [0x82, 0x80, 0, 0, 0, 0])
            client.disconnect()
        }
        #expect(test.tasks.work.filter { $0 == .leave(id) }.count == 1)
    }

    @Test("what a worker says before its goodbye counts")
    func lastWords() throws {
        let (client, id) = try connect()
        test.tasks.answerWords(.success(()))
        client.send(bytes: client.frames.encode(Self.done("t")) + client.frames.encodeClose(CloseCode(rawValue: 1000)))
        client.disconnect()
        let ticket = TaskTicket(task: "t", lease: "L", client: id)
        #expect(test.tasks.work.suffix(2) == [.say(.done(1), ticket), .leave(id)])
    }

    @Test("words after the end of the connection reach nobody")
    func lateNotices() throws {
        let (client, id) = try connect()
        let worker = try worker(id)
        client.disconnect()
        worker.offered(offer("t", to: id))
        worker.statusChanged(WorkerStatus())
        test.run()
        #expect(client.take().isEmpty)
    }

    // MARK: - Offers

    @Test("an offer carries all that the worker needs, and a cancel its lease")
    func offers() throws {
        let (client, id) = try connect()
        let worker = try worker(id)
        worker.offered(offer("t1", to: id))
        worker.offered(offer("t2", to: id))
        worker.cancelled(TaskTicket(task: "t1", lease: "L-t1", client: id))
        test.run()
        let messages = client.take()
        #expect(
            messages.first?.text
                == #"{"type":"task.offer","task":"t1","lease":"L-t1","name":"peer.depth","params":{"x":1},"#
                + #""attempt":2,"attempts":3,"accept_within":5000}"#
        )
        #expect(messages.map(\.type) == ["task.offer", "task.offer", "task.cancel"])
        #expect(messages.last?.text == #"{"type":"task.cancel","task":"t1","lease":"L-t1"}"#)
    }

    @Test("a worker's figures show in its record, live")
    func figures() throws {
        let watcher = try test.connect()
        watcher.send(#"{"type":"subscribe","topics":["clients"]}"#)
        _ = watcher.take()
        let (client, id) = try connect()
        _ = watcher.take()
        var status = WorkerStatus()
        status.tasks = ["t"]
        status.busy = 2
        status.done = 3
        status.failed = 1
        status.lastError = "no memory"
        try worker(id).statusChanged(status)
        test.run()
        let changed = try #require(watcher.take().first)
        #expect(changed.type == "client.changed" && changed["client"]?.string == id)
        #expect(
            changed["info"]?["worker"]
                == [
                    "capabilities": ["a", "b"], "slots": 2, "busy": 2, "tasks": ["t"], "done": 3, "failed": 1,
                    "last_error": "no memory",
                ]
        )
        #expect(client.take().isEmpty)
    }

    // MARK: - Words

    @Test("words go on without waiting, and are answered in order when they have counted")
    func pipelined() throws {
        let (client, id) = try connect()
        client.send(all: [Self.accept("t", id: 1), Self.done("t", id: 2), Self.accept("u"), Self.done("u")])
        let said = test.tasks.work.dropFirst()
        #expect(
            Array(said)
                == ["t", "t", "u", "u"].enumerated().map { index, task in
                    let ticket = TaskTicket(task: task, lease: "L", client: id)
                    return .say(index.isMultiple(of: 2) ? .accept : .done(1), ticket)
                }
        )
        #expect(client.take().isEmpty)
        for _ in 0..<4 { test.tasks.answerWord() }
        test.run()
        // Without an id only the end of a task is answered.
        #expect(
            client.take().map(\.text) == [
                #"{"type":"ok","id":1,"task":"t"}"#, #"{"type":"ok","id":2,"task":"t"}"#, #"{"type":"ok","task":"u"}"#,
            ]
        )
    }

    @Test(
        "a word that did not count is an error with task and lease, with or without an id",
        arguments: [
            (TaskError.leaseLost, "lease_lost"), (.resultTooLarge, "too_large"), (.internal("secret"), "internal"),
            (.shuttingDown, "shutting_down"),
        ] as [(TaskError, String)]
    )
    func refused(error: TaskError, code: String) throws {
        let (client, _) = try connect()
        test.tasks.answerWords(.failure(error))
        for text in [Self.accept("t"), Self.done("t", id: 5)] {
            let answer = try #require(client.ask(text).first)
            #expect(answer.type == "error" && answer.code == code)
            #expect(answer["task"] == "t" && answer["lease"] == "L")
            #expect(answer["message"]?.string?.contains("secret") == false)
        }
    }

    @Test("what is said of leases that have ended meanwhile is refused, and closes no connection")
    func lateWords() throws {
        let (client, _) = try connect()
        test.tasks.answerWords(.failure(.leaseLost))
        for number in 0..<150 { #expect(client.ask(Self.done("t\(number)")).map(\.code) == ["lease_lost"]) }
        #expect(!client.frames.isClosed)
    }

    @Test("whatever else a worker says is answered after its words")
    func order() throws {
        let (client, _) = try connect()
        client.send(all: [
            Self.done("t"), #"{"type":"ping","id":1}"#, "nonsense", #"{"type":"heartbeat","id":2}"#,
            Self.done("u", id: 3),
        ])
        #expect(test.tasks.work.count == 2)
        #expect(client.take().isEmpty)
        test.tasks.answerWord()
        test.run()
        #expect(client.take().map { $0.code ?? $0.type } == ["ok", "pong", "bad_json", "ok"])
        test.tasks.answerWord()
        test.run()
        #expect(client.take().map { $0["id"] } == [3])
    }

    @Test("a heartbeat without an id does not wait for words, and is no answer's business")
    func heartbeat() throws {
        let (client, id) = try connect()
        client.send(all: [Self.accept("t"), #"{"type":"heartbeat"}"#])
        #expect(test.tasks.work.last == .heartbeat(id))
        #expect(client.take().isEmpty)
    }

    @Test("past 256 words on their way a worker is not heard until some are answered")
    func bounded() throws {
        let (client, _) = try connect()
        client.send(all: (0..<600).map { Self.accept("t\($0)") })
        #expect(test.tasks.work.count == 1 + 256)
        #expect(!client.link.isReading)
        for _ in 0..<100 { test.tasks.answerWord() }
        test.run()
        #expect(test.tasks.work.count == 1 + 356)
        test.tasks.answerWords(.success(()))
        for _ in 0..<256 { test.tasks.answerWord() }
        test.run()
        #expect(test.tasks.work.count == 1 + 600)
        #expect(client.link.isReading)
    }

    @Test("offers and answers wait for a worker that does not read, and it is not read either")
    func slowReader() throws {
        let (client, id) = try connect()
        client.link.stall()
        let worker = try worker(id)
        for number in 0..<3000 { worker.offered(offer("task-\(number)", to: id)) }
        test.run()
        client.send(Self.accept("t"))
        #expect(test.tasks.work.count == 1)
        client.link.release()
        test.run()
        #expect(client.takeTypes() == Array(repeating: "task.offer", count: 3000))
        #expect(test.tasks.work.count == 2)
    }

    @Test("words need a worker's hello and its role")
    func needs() throws {
        let admin = try test.connect()
        _ = admin.take()
        #expect(admin.ask(Self.done("t", id: 1)).map(\.code) == ["not_ready"])
        admin.send(#"{"type":"hello","name":"s","kind":"script"}"#)
        _ = admin.take()
        #expect(admin.ask(Self.done("t", id: 1)).map(\.code) == ["not_ready"])
        let viewer = try test.connect(role: .operator)
        _ = viewer.take()
        #expect(viewer.ask(Self.done("t")).map(\.code) == ["forbidden"])
        #expect(test.tasks.work.isEmpty)
    }
}
