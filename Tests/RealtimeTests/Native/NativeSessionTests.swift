import Domain
import Testing

@testable import Realtime

/// The dialogue of one client: welcome, hello, publish, roles, answers and their order (contracts/realtime.md §2).
struct NativeSessionTests {
    @Test("the welcome comes first and says who, where and what the bounds are")
    func welcome() throws {
        let test = TestHub { $0.maxSubscriptions = 7 }
        test.say("x", 1)
        let client = try test.connect(role: .viewer)
        let messages = client.take()
        let welcome = try #require(messages.first)
        let id = try #require(welcome["client"]?.string)
        #expect(
            welcome.text
                == #"{"type":"welcome","client":"\#(id)","epoch":"e1","offset":2,"server":"vitrine/\#(Release.version)","#
                + #""role":"viewer","ping":25000,"limits":{"message":262144,"depth":32,"subscriptions":7}}"#
        )
        #expect(messages.count == 1)
    }

    @Test("a client joins once and leaves once, whatever ends it")
    func presence() throws {
        let test = TestHub()
        let watcher = try test.connect()
        watcher.send(#"{"type":"subscribe","topics":["clients"]}"#)
        test.run()
        _ = watcher.take()
        let client = try test.connect(role: .operator)
        let id = try #require(client.take().first?["client"]?.string)
        client.send(#"{"type":"subscribe","topics":["tasks"]}"#)
        client.send(#"{"type":"hello","name":"me","kind":"dashboard"}"#)
        client.disconnect()
        client.session.closed()
        client.session.tick(now: 100)
        test.run()
        let events = watcher.take()
        #expect(events.map(\.type) == ["client.joined", "client.changed", "client.changed", "client.left"])
        #expect(events.allSatisfy { $0["client"]?.string == id })
        #expect(events[0]["info"]?["address"]?.string == "192.0.2.7")
        #expect(events[0]["info"]?["role"]?.string == "operator")
        #expect(events[1]["info"]?["topics"] == ["tasks"])
        #expect(events[2]["info"]?["kind"]?.string == "dashboard")
        #expect(events[2]["info"]?["name"]?.string == "me")
        #expect(test.hub.connectionCount == 1)
    }

    @Test("a connection that breaks while it is welcomed leaves no ghost")
    func breaksAtOnce() throws {
        let test = TestHub()
        let slot = try #require(test.hub.admit())
        let session = NativeSession(
            shard: test.hub.shards[0],
            tasks: test.tasks,
            role: .admin,
            compression: nil,
            slot: slot
        )
        let link = RecordingLink()
        link.onFlush = { session.closed() }
        session.opened(link)
        test.run()
        #expect(test.journal.read { $0.clients.count } == 0)
    }

    @Test("a connection that never begins gives its slot back")
    func slots() throws {
        let test = TestHub { $0.maxConnections = 1 }
        do {
            let slot = try #require(test.hub.admit())
            let session = NativeSession(
                shard: test.hub.shards[0],
                tasks: test.tasks,
                role: .admin,
                compression: nil,
                slot: slot
            )
            #expect(test.hub.admit() == nil)
            withExtendedLifetime(session) {}
        }
        #expect(test.hub.connectionCount == 0)
        #expect(test.hub.statistics.refusedConnections == 1)
        _ = try test.connect()
        #expect(test.hub.admit() == nil)
    }

    @Test("nothing keeps a session alive that has closed")
    func noLeaks() throws {
        let test = TestHub()
        weak var session: (any Session)?
        weak var link: RecordingLink?
        do {
            let client = try test.connect()
            client.send(#"{"type":"subscribe","topics":["tasks","clients"]}"#)
            session = client.session
            link = client.link
            client.link.stall()
            for _ in 0..<2_000 { test.say("x", 1) }
            test.run()
            client.disconnect()
        }
        #expect(session == nil)
        #expect(link == nil)
        let stream = try test.stream([.tasks])
        session = stream.session
        stream.session.closed()
        test.run()
        #expect(test.journal.read { $0.clients.count } == 0)
    }

    @Test("each message with an id is answered once; without, only what is always answered")
    func answers() throws {
        let test = TestHub()
        let client = try test.connect()
        _ = client.take()
        #expect(client.ask(#"{"type":"ping","id":1}"#).map(\.text) == [#"{"type":"pong","id":1,"at":\#(TestHub.now)}"#])
        #expect(client.ask(#"{"type":"ping"}"#).map(\.text) == [#"{"type":"pong","at":\#(TestHub.now)}"#])
        #expect(
            client.ask(#"{"type":"unsubscribe","id":"u","topics":["tasks"]}"#).map(\.text) == [
                #"{"type":"ok","id":"u"}"#
            ]
        )
        #expect(client.ask(#"{"type":"unsubscribe","topics":["tasks"]}"#).isEmpty)
        let synced = client.ask(#"{"type":"subscribe","topics":[]}"#)
        #expect(synced.map(\.text) == [#"{"type":"synced","topics":[],"epoch":"e1","offset":1}"#])
        let error = client.ask(#"{"type":"fly","id":null}"#)
        #expect(error.map(\.code) == ["unknown_type"])
        #expect(error.first?["id"] == nil)
        #expect(client.ask(#"{"type":"fly","id":3.0}"#).first?["id"] == 3)
    }

    // MARK: - Hello and publish

    @Test("hello is said once, by workers only as workers, and answered with the lease")
    func hello() throws {
        let test = TestHub { $0.lease = 777 }
        let client = try test.connect(role: .viewer)
        let id = try #require(client.take().first?["client"]?.string)
        let worker = #"{"type":"hello","id":1,"name":"w","capabilities":["a"],"slots":1}"#
        #expect(client.ask(worker).map(\.code) == ["forbidden"])
        // Nothing of it was done, so another may follow.
        let ready = client.ask(#"{"type":"hello","name":"s","kind":"script"}"#)
        #expect(ready.map(\.text) == [#"{"type":"ready","client":"\#(id)","lease":777}"#])
        #expect(client.ask(#"{"type":"hello","name":"s","kind":"script"}"#).map(\.code) == ["conflict"])
        let second = try test.connect(role: .worker)
        _ = second.take()
        #expect(second.ask(worker).map(\.type) == ["ready"])
        let record = test.journal.read { state in state.clients.clients.first { $0.kind == .worker } }
        #expect(record?.worker == ClientRecord.Worker(capabilities: ["a"], slots: 1))
    }

    @Test("publishing needs a role and a hello, and is answered with the offset of the event")
    func publish() throws {
        let test = TestHub()
        let publish = #"{"type":"publish","id":1,"topic":"app/x","data":{"a":1},"key":"k"}"#
        let hello = #"{"type":"hello","name":"s","kind":"script"}"#
        let viewer = try test.connect(role: .viewer)
        viewer.send(hello)
        _ = viewer.take()
        #expect(viewer.ask(publish).map(\.code) == ["forbidden"])
        viewer.send(#"{"type":"subscribe","topics":["app/x"]}"#)
        _ = viewer.take()
        for role in [Role.operator, .worker, .admin] {
            let client = try test.connect(role: role)
            let id = try #require(client.take().first?["client"]?.string)
            #expect(client.ask(publish).map(\.code) == ["not_ready"])
            _ = client.ask(hello)
            #expect(client.ask(publish).map(\.text) == [#"{"type":"ok","id":1,"offset":\#(test.offset)}"#])
            let event = try #require(viewer.take().last)
            #expect(
                event.text == #"{"type":"app.message","offset":\#(test.offset),"at":\#(TestHub.now),"key":"k","#
                    + #""topic":"app/x","from":"\#(id)","data":{"a":1}}"#
            )
        }
        #expect(
            viewer.ask(#"{"type":"subscribe","topics":["app/x"]}"#).first?["state"]?.text
                == #"{"values":{"k":{"a":1}}}"#
        )
    }

    @Test("each role may do what the contract allows it")
    func roles() throws {
        let test = TestHub()
        let allowed: [(String, [Role])] = [
            (#"{"type":"subscribe","id":1,"topics":["tasks","log"]}"#, [.operator, .admin]),
            (#"{"type":"subscribe","id":1,"topics":["tasks","clients","library"]}"#, Role.allCases),
            (#"{"type":"unsubscribe","id":1,"topics":["log"]}"#, Role.allCases),
            (#"{"type":"task.run","id":1,"name":"n"}"#, [.operator, .admin]),
            (#"{"type":"task.cancel","id":1,"task":"t"}"#, [.operator, .admin]),
        ]
        for (text, roles) in allowed {
            for role in Role.allCases {
                let client = try test.connect(role: role)
                _ = client.take()
                let isRefused = client.ask(text).contains { $0.code == "forbidden" && $0["id"] == 1 }
                #expect(isRefused != roles.contains(role), "\(role) \(text)")
            }
        }
    }

    @Test("worker messages need the role and a worker's hello, and no lease is good")
    func leases() throws {
        let test = TestHub()
        let viewer = try test.connect(role: .viewer)
        _ = viewer.take()
        let done = #"{"type":"task.done","id":1,"task":"t","lease":"l","result":{}}"#
        #expect(viewer.ask(done).map(\.code) == ["forbidden"])
        #expect(viewer.ask(#"{"type":"heartbeat"}"#).map(\.code) == ["forbidden"])
        let worker = try test.connect(role: .worker)
        _ = worker.take()
        #expect(worker.ask(done).map(\.code) == ["not_ready"])
        worker.send(#"{"type":"hello","name":"w","capabilities":[],"slots":0}"#)
        _ = worker.take()
        test.tasks.answerWords(.failure(.leaseLost))
        let lost = try #require(worker.ask(done).first)
        #expect(lost.code == "lease_lost" && lost["task"] == "t" && lost["lease"] == "l" && lost["id"] == 1)
        #expect(worker.ask(#"{"type":"heartbeat"}"#).isEmpty)
        #expect(worker.ask(#"{"type":"heartbeat","id":2}"#).map(\.type) == ["ok"])
    }

    // MARK: - Tasks

    @Test("answers come once and in order while a call to the task engine is pending")
    func pendingCalls() async throws {
        let test = TestHub()
        let client = try test.connect()
        _ = client.take()
        client.send(all: [
            #"{"type":"task.run","id":1,"name":"n","task":"t9"}"#, #"{"type":"ping","id":2}"#,
            #"{"type":"task.cancel","id":3,"task":"gone"}"#, #"{"type":"fly","id":4}"#,
        ])
        await test.tasks.waitForCall()
        #expect(client.take().isEmpty)
        #expect(test.tasks.calls == [.submit(TaskRequest(name: "n", id: "t9"))])
        test.tasks.answer(TaskRecord(id: "t9", name: "n", created: 1))
        await test.loop.runNext()
        await test.tasks.waitForCall()
        let first = client.take()
        #expect(first.map(\.type) == ["ok", "pong"])
        #expect(first[0]["task"] == "t9" && first[0]["info"]?["state"] == "queued" && first[0]["id"] == 1)
        test.tasks.fail(TaskError.unknownTask)
        await test.loop.runNext()
        let rest = client.take()
        #expect(rest.map(\.code) == ["unknown_task", "unknown_type"])
        #expect(rest[0]["task"] == "gone" && rest[0]["id"] == 3)
    }

    @Test(
        "what the task engine refuses is told in the protocol's words",
        arguments: [
            (TaskError.conflict, "conflict"), (.limitTasks, "limit_tasks"), (.shuttingDown, "shutting_down"),
            (.badParams(TaskRecord.Failure(code: "bad_params", message: "no")), "bad_message"),
        ]
    )
    func refusals(error: TaskError, code: String) async throws {
        let test = TestHub()
        let client = try test.connect()
        _ = client.take()
        client.send(#"{"type":"task.run","name":"n"}"#)
        await test.tasks.waitForCall()
        test.tasks.fail(error)
        await test.loop.runNext()
        let answer = try #require(client.take().first)
        #expect(answer.code == code)
        #expect(answer["field"]?.string == (code == "bad_message" ? "params" : nil))
    }

    @Test("any other failure is internal, and the connection goes on")
    func internalError() async throws {
        let test = TestHub()
        let client = try test.connect()
        _ = client.take()
        client.send(#"{"type":"task.cancel","task":"t"}"#)
        await test.tasks.waitForCall()
        test.tasks.fail(TestFailure("disk"))
        await test.loop.runNext()
        #expect(client.take().map(\.code) == ["internal"])
        client.send(#"{"type":"task.cancel","id":1,"task":"t"}"#)
        await test.tasks.waitForCall()
        test.tasks.answerCancel()
        await test.loop.runNext()
        #expect(client.take().map(\.text) == [#"{"type":"ok","id":1,"task":"t"}"#])
    }

    @Test("an answer for a client that has gone reaches nobody, not even who took its place")
    func lateAnswer() async throws {
        let test = TestHub()
        do {
            let client = try test.connect()
            client.send(#"{"type":"task.cancel","id":1,"task":"t"}"#)
            await test.tasks.waitForCall()
            client.disconnect()
        }
        let others = try (0..<20).map { _ in try test.connect() }
        for other in others { _ = other.take() }
        test.tasks.answerCancel()
        await test.loop.runNext()
        for other in others { #expect(other.take().isEmpty) }
    }

    @Test("the state of a task that only the store remembers is looked up")
    func finishedTask() async throws {
        let test = TestHub()
        let client = try test.connect()
        _ = client.take()
        client.send(all: [#"{"type":"subscribe","id":1,"topics":["task/t","task/u"]}"#, #"{"type":"ping","id":2}"#])
        await test.tasks.waitForCall()
        var task = TaskRecord(id: "t", name: "n", created: 1)
        task.state = .done
        test.tasks.answer(TaskState(task: task, log: [TaskLogLine(at: 3, level: .info, message: "l")]))
        await test.tasks.waitForCall()
        test.tasks.answer(TaskState?.none)
        await test.loop.runNext()
        let messages = client.take()
        #expect(messages.map(\.type) == ["snapshot", "snapshot", "synced", "pong"])
        #expect(messages[0]["state"]?["task"]?["state"] == "done")
        #expect(messages[0]["state"]?["log"]?.text == #"[{"at":3,"level":"info","message":"l"}]"#)
        #expect(messages[1]["state"]?.text == #"{"task":null,"log":[]}"#)
    }
}
