import Testing

@testable import Domain

/// The engine and executors whose tasks outlive the server.
@Suite(.timeLimit(.minutes(5)))
struct TaskEngineExecutorsTests {
    private static let name = "celery"

    private func executor(_ bench: EngineUnderTest, waiting: String? = "Redis is away") -> WorkerUnderTest {
        let worker = WorkerUnderTest(Self.name, bench.engine)
        worker.join(["x"], slots: 10, kind: .celery, hasDeadlines: false, waiting: waiting)
        return worker
    }

    @Test("After a crash what ran there goes on under its lease, and ends as if nothing had happened")
    func crash() async throws {
        let first = try await EngineUnderTest([], routed: ["x"])
        let before = executor(first)
        for id in ["ran", "waited"] { try await first.submit(id, "x") }
        try await first.settle()
        try before.say(.accept, "ran")
        try await first.settle()

        let second = try await EngineUnderTest([], routed: ["x"], in: first.folder)
        #expect(second.events.story("ran") == [])
        #expect(second.engine.counts[.running] == 1)
        let after = executor(second)
        try await second.settle()
        #expect(Set(after.offered) == ["ran", "waited"])
        let kept = try #require(after.offers.first { $0.record.id == "ran" })
        #expect(kept.lease.isAccepted && kept.lease.attempt == 1 && kept.record.state == .running)
        let offered = try #require(after.offers.first { $0.record.id == "waited" })
        #expect(!offered.lease.isAccepted && offered.lease.attempt == 1)
        after.say(.done(1), kept.lease.ticket)
        // The lease from before the crash is good for nothing.
        after.say(.done(2), try before.ticket("ran"))
        try await second.settle()
        #expect(after.answers == ["done ran: ok", "done ran: leaseLost"])
        #expect(second.events.story("ran") == ["done"])
        #expect(try await second.store.task("ran")?.attempt == 1)
        #expect(try await second.store.task("ran")?.executor?.kind == .celery)
    }

    @Test("What is no longer routed goes back to the queue, and so does what another executor ran")
    func unrouted() async throws {
        let first = try await EngineUnderTest([], routed: ["x"])
        let before = executor(first)
        let peer = WorkerUnderTest("p", first.engine)
        peer.join(["gpu"])
        try await first.submit("a", "x")
        try await first.submit("b", "gpu")
        try await first.settle()
        try before.say(.accept, "a")
        try peer.say(.accept, "b")
        try await first.settle()

        let second = try await EngineUnderTest([], routed: ["gpu"], in: first.folder)
        #expect(second.events.story("a") == ["requeued restart"])
        #expect(second.events.story("b") == ["requeued restart"])
    }

    @Test("What was kept can be cancelled, or be found lost, before and after the executor joins")
    func keptAndLost() async throws {
        let first = try await EngineUnderTest([], routed: ["x"])
        let before = executor(first)
        for id in ["a", "b", "c"] { try await first.submit(id, "x", attempts: 2) }
        try await first.settle()
        for id in ["a", "b", "c"] { try before.say(.accept, id) }
        try await first.settle()

        let second = try await EngineUnderTest([], routed: ["x"], in: first.folder)
        try await second.engine.cancel("a")
        let after = executor(second)
        try await second.settle()
        #expect(after.offered == ["b", "c"])
        second.engine.release(try after.ticket("b"), reason: .workerGone)
        try await second.engine.cancel("c")
        try await second.settle()
        #expect(second.events.story("a") == ["cancelled"])
        #expect(second.events.story("b") == ["requeued worker_gone"])
        #expect(after.offers.last?.lease.attempt == 2 && after.offers.last?.record.id == "b")
        #expect(after.cancelled == ["c"])
    }

    @Test("At an orderly end what runs there is not taken back, what a peer runs is")
    func retired() async throws {
        let bench = try await EngineUnderTest([], routed: ["x"])
        let celery = executor(bench)
        let peer = WorkerUnderTest("p", bench.engine)
        peer.join(["gpu"])
        try await bench.submit("a", "x")
        try await bench.submit("b", "gpu")
        try await bench.settle()
        try celery.say(.accept, "a")
        try peer.say(.accept, "b")
        bench.engine.retireWorkers()
        try await bench.settle()
        #expect(bench.events.story("a") == ["created", "started"])
        #expect(bench.events.story("b") == ["created", "started", "requeued shutdown"])
        // Its end is still heard.
        try celery.say(.done(1), "a")
        try await bench.settle()
        #expect(bench.events.story("a").last == "done")
    }

    @Test("Tasks on offer say why they wait, in the executor's changing words")
    func explained() async throws {
        let bench = try await EngineUnderTest([], routed: ["x"])
        let celery = executor(bench)
        for id in ["a", "b"] { try await bench.submit(id, "x") }
        try await bench.settle()
        try celery.say(.accept, "a")
        bench.engine.explain(client: Self.name, waiting: "in a queue")
        bench.engine.explain(client: Self.name, waiting: "in a queue")
        bench.engine.explain(client: "nobody", waiting: "?")
        try await bench.settle()
        #expect(
            bench.reasons.filter { $0.hasPrefix("task") } == [
                "task a: Redis is away", "task b: Redis is away", "task b: in a queue",
            ]
        )
        #expect(try await bench.engine.task("b")?.waiting == "in a queue")
        #expect(try await bench.engine.task("a")?.waiting == nil)
    }

    @Test("A routed name is not built in: its parameters are not checked and the server does not run it")
    func routedKind() async throws {
        let kind = LongTaskKind()
        let bench = try await EngineUnderTest([kind], routed: ["long_task"])
        _ = try await bench.engine.submit(TaskRequest(name: "long_task", params: ["steps": "many"], id: "t"))
        try await bench.serving {
            try await bench.settle()
            #expect(bench.events.story("t") == ["created"])
        }
    }

    @Test("Of an attempt that reports itself Socket.IO clients hear in its own words to its end, of the next in ours")
    func reported() async throws {
        let bench = try await EngineUnderTest([], routed: ["x"])
        let celery = executor(bench)
        try await bench.submit("t", "x")
        try await bench.settle()
        bench.engine.start("t", by: "reporter")
        bench.engine.progress("t", .init(current: 1, total: 2, message: "m"), by: "reporter")
        bench.engine.end("t", by: "reporter", isClean: false)
        try await bench.settle()
        #expect(celery.cancelled == ["t"])
        try celery.run("t", 1)
        try await bench.settle()
        #expect(
            bench.events.story("t") == ["created", "started", "progress 1", "requeued worker_gone", "started", "done"]
        )
        let told = bench.events.entries.compactMap { entry -> Bool? in
            switch entry.event {
            case .taskStarted(let task), .taskProgress(let task), .taskFinished(let task): task.isRelayed
            case .taskRequeued(let task, attempt: _, reason: _): task.isRelayed
            default: nil
            }
        }
        #expect(told == [true, true, true, false, false])
    }

    @Test("A clean goodbye of the reporter leaves the task to its executor, whose end is told once")
    func reportedToTheEnd() async throws {
        let bench = try await EngineUnderTest([], routed: ["x"])
        let celery = executor(bench)
        try await bench.submit("t", "x")
        try await bench.settle()
        bench.engine.start("t", by: "reporter")
        bench.engine.end("t", by: "reporter", isClean: true)
        try await bench.settle()
        #expect(bench.events.story("t") == ["created", "started"])
        try celery.say(.done(1), "t")
        try await bench.settle()
        guard case .taskFinished(let task)? = bench.events.entries.last?.event else {
            Issue.record("not finished")
            return
        }
        #expect(task.state == .done && task.isRelayed)
    }
}
