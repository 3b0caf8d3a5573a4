import Testing

@testable import Domain

/// The engine and those who run tasks for it.
@Suite(.timeLimit(.minutes(5)))
struct TaskEngineWorkersTests {
    @Test("A worker is offered a task, accepts it, reports, and ends it; every answer means that it is on disk")
    func life() async throws {
        let bench = try await EngineUnderTest([])
        let worker = WorkerUnderTest("w", bench.engine)
        worker.join()
        try await bench.submit("t")
        try await bench.settle()
        let offer = try #require(worker.offers.first)
        #expect(offer.record.id == "t" && offer.acceptWithin == 5000 && offer.lease.attempt == 1)
        #expect(bench.engine.counts[.queued] == 1)
        try worker.say(.accept, "t")
        try worker.say(.progress(.init(current: 1, total: 2, message: "half")), "t")
        try worker.say(.log(.info, "line"), "t")
        try worker.say(.done(["n": 1]), "t")
        try await bench.settle()
        #expect(worker.answers == ["accept t: ok", "progress t: ok", "log t: ok", "done t: ok"])
        #expect(bench.events.story("t") == ["created", "started", "progress 1", "log line", "done"])
        let task = try #require(try await bench.store.task("t"))
        #expect(task.state == .done && task.result == ["n": 1])
        #expect(task.executor == .init(kind: .peer, client: "w", name: "box"))
        #expect(try await bench.engine.log("t").map(\.message) == ["line"])
        #expect(bench.reasons.isEmpty)
    }

    @Test("A task that was there first is offered when a worker comes, and in the order of the queue")
    func backlog() async throws {
        let bench = try await EngineUnderTest([])
        for (id, priority) in [("low", -1), ("t1", 0), ("t2", 0), ("high", 9)] {
            try await bench.submit(id, priority: priority)
        }
        let worker = WorkerUnderTest("w", bench.engine)
        worker.onOffer { offer in
            worker.say(.accept, offer.lease.ticket)
            worker.say(.done(nil), offer.lease.ticket)
        }
        worker.join()
        await bench.events.finished(4)
        try await bench.settle()
        #expect(worker.offered == ["high", "t1", "t2", "low"])
        #expect(try await bench.store.task("t1")?.result == .null)
        #expect(bench.reasons == ["gpu: every worker that offers gpu is busy", "gpu: nil"])
    }

    @Test("A connection that ends gives its tasks back at once, and another worker gets them")
    func gone() async throws {
        let bench = try await EngineUnderTest([])
        let (first, second) = (WorkerUnderTest("w1", bench.engine), WorkerUnderTest("w2", bench.engine))
        first.join(slots: 2)
        try await bench.submit("t1")
        try await bench.submit("t2")
        try await bench.settle()
        try first.say(.accept, "t1")
        bench.engine.leave(client: "w1")
        second.join(slots: 2)
        try await bench.settle()
        #expect(bench.events.story("t1") == ["created", "started", "requeued worker_gone"])
        #expect(second.offered == ["t1", "t2"])
        try first.say(.done(1), "t1")
        try second.run("t1", 2)
        try await bench.settle()
        #expect(first.answers == ["accept t1: ok", "done t1: leaseLost"])
        let task = try #require(try await bench.engine.task("t1"))
        #expect(task.result == 2 && task.attempt == 2)
        bench.engine.leave(client: "w1")
        bench.engine.leave(client: "nobody")
        try await bench.settle()
    }

    @Test("A worker that joins again gives back what it held before")
    func joinsAgain() async throws {
        let bench = try await EngineUnderTest([])
        let (first, again) = (WorkerUnderTest("w", bench.engine), WorkerUnderTest("w", bench.engine))
        first.join()
        try await bench.submit("t")
        try await bench.settle()
        try first.say(.accept, "t")
        again.join()
        try await bench.settle()
        #expect(again.offered == ["t"])
        #expect(bench.events.story("t").last == "requeued worker_gone")
    }

    @Test("Silence past the lease ends the attempt, words and heartbeats keep it")
    func silence() async throws {
        let bench = try await EngineUnderTest([])
        let worker = WorkerUnderTest("w", bench.engine)
        worker.join()
        try await bench.submit("t", attempts: 1)
        try await bench.settle()
        try worker.say(.accept, "t")
        try await bench.settle()
        for step in 0..<4 {
            bench.time.pass(14_000)
            try await bench.settle()
            if step.isMultiple(of: 2) {
                bench.engine.heartbeat(client: "w")
            } else {
                try worker.say(.log(.debug, "alive"), "t")
            }
            try await bench.settle()
        }
        #expect(bench.engine.counts[.running] == 1)
        bench.time.pass(14_999)
        try await bench.settle()
        #expect(bench.engine.counts[.running] == 1)
        bench.time.pass(1)
        try await bench.settle()
        #expect(bench.events.story("t").last == "failed")
        #expect(try await bench.engine.task("t")?.error?.code == "lease_expired")
        try worker.say(.done(1), "t")
        try await bench.settle()
        #expect(worker.answers.last == "done t: leaseLost")
    }

    @Test("An offer without an answer goes to another worker, and nothing is counted")
    func unanswered() async throws {
        let bench = try await EngineUnderTest([])
        let (first, second) = (WorkerUnderTest("w1", bench.engine), WorkerUnderTest("w2", bench.engine))
        first.join()
        try await bench.submit("t")
        try await bench.settle()
        second.join()
        try await bench.settle()
        #expect(second.offers.isEmpty)
        bench.time.pass(5000)
        try await bench.settle()
        #expect(second.offered == ["t"])
        try first.say(.accept, "t")
        try second.say(.accept, "t")
        try await bench.settle()
        #expect(first.answers == ["accept t: leaseLost"])
        #expect(second.answers == ["accept t: ok"])
        #expect(try await bench.engine.task("t")?.attempt == 1)
        #expect(bench.events.story("t") == ["created", "started"])
    }

    @Test("A declined offer comes back after a pause when nobody else wants it")
    func declined() async throws {
        let bench = try await EngineUnderTest([])
        let worker = WorkerUnderTest("w", bench.engine)
        worker.join()
        try await bench.submit("t")
        try await bench.settle()
        try worker.say(.reject("no model"), "t")
        try await bench.settle()
        #expect(bench.reasons == ["gpu: every worker that offers gpu is busy or has declined"])
        #expect(worker.offers.count == 1)
        bench.time.pass(1000)
        try await bench.settle()
        #expect(worker.offered == ["t", "t"])
        #expect(bench.reasons.last == "gpu: nil")
    }

    @Test("A worker's failure is tried again until the attempts are spent or it says not to")
    func failures() async throws {
        let bench = try await EngineUnderTest([])
        let worker = WorkerUnderTest("w", bench.engine)
        worker.join()
        let error = TaskRecord.Failure(code: "oom", message: "no memory")
        try await bench.submit("t", attempts: 2)
        for _ in 0..<2 {
            try await bench.settle()
            try worker.say(.accept, "t")
            try worker.say(.fail(error, retry: true), "t")
        }
        try await bench.settle()
        #expect(bench.events.story("t") == ["created", "started", "requeued worker_failed", "started", "failed"])
        #expect(try await bench.engine.task("t")?.error == error)
        try await bench.submit("strict")
        try await bench.settle()
        try worker.say(.accept, "strict")
        try worker.say(.fail(error, retry: false), "strict")
        try await bench.settle()
        #expect(bench.events.story("strict") == ["created", "started", "failed"])
    }

    @Test(
        "A cancelled task ends at once; its worker is told, and its slot is free when it says so",
        arguments: [0, 1, 2]
    )
    func cancel(way: Int) async throws {
        let bench = try await EngineUnderTest([])
        let worker = WorkerUnderTest("w", bench.engine)
        worker.join()
        try await bench.submit("t")
        try await bench.submit("next")
        try await bench.settle()
        try worker.say(.accept, "t")
        try await bench.engine.cancel("t")
        #expect(bench.events.story("t") == ["created", "started", "cancelled"])
        #expect(worker.cancelled == ["t"])
        try worker.say(.progress(.init(current: 1, total: nil, message: "")), "t")
        try await bench.settle()
        #expect(worker.offered == ["t"])
        switch way {
        case 0: try worker.say(.fail(.init(code: "cancelled", message: ""), retry: true), "t")
        case 1: try worker.say(.done(1), "t")
        default: bench.time.pass(15_000)
        }
        try await bench.settle()
        #expect(worker.offered == ["t", "next"])
        let answers = [["fail t: ok"], ["done t: leaseLost"], []][way]
        #expect(worker.answers == ["accept t: ok", "progress t: leaseLost"] + answers)
        #expect(try await bench.engine.task("t")?.state == .cancelled)
    }

    @Test("Progress is told at once, then at most each 50 ms, the last before the end, and written once a second")
    func progress() async throws {
        let bench = try await EngineUnderTest([])
        let worker = WorkerUnderTest("w", bench.engine)
        worker.join()
        try await bench.submit("t")
        try await bench.settle()
        try worker.say(.accept, "t")
        func report(_ current: Int) async throws {
            try worker.say(.progress(.init(current: current, total: 9, message: "")), "t")
            try await bench.settle()
        }
        for current in 1...3 { try await report(current) }
        #expect(bench.events.story("t").last == "progress 1")
        bench.time.pass(50)
        try await bench.settle()
        #expect(bench.events.story("t").last == "progress 3")
        #expect(try bench.store.endedTask("t")?.progress?.current == 1)
        bench.time.pass(1000)
        try await report(4)
        #expect(try bench.store.endedTask("t")?.progress?.current == 4)
        try await report(5)
        try await report(6)
        try worker.say(.done(nil), "t")
        try await bench.settle()
        let story = ["created", "started", "progress 1", "progress 3", "progress 4", "progress 6", "done"]
        #expect(bench.events.story("t") == story)
        #expect(try bench.store.endedTask("t")?.progress?.current == 6)
    }

    @Test("A worker hears of its figures, at most each tenth of a second, and of the last")
    func figures() async throws {
        let bench = try await EngineUnderTest([])
        let worker = WorkerUnderTest("w", bench.engine)
        worker.join(slots: 2)
        try await bench.submit("t1")
        try await bench.settle()
        #expect(worker.statuses.map(\.busy) == [1])
        try worker.run("t1")
        try await bench.submit("t2")
        try await bench.settle()
        #expect(worker.statuses.count == 1)
        bench.time.pass(100)
        try await bench.settle()
        #expect(worker.statuses.count == 2)
        #expect(worker.statuses.last?.done == 1)
        #expect(worker.statuses.last?.busy == 1)
        #expect(worker.statuses.last?.tasks == [])
    }

    @Test("A result over the limit of a message is refused, and the task goes on")
    func tooLarge() async throws {
        let bench = try await EngineUnderTest([])
        let worker = WorkerUnderTest("w", bench.engine)
        worker.join()
        try await bench.submit("t")
        try await bench.settle()
        try worker.say(.accept, "t")
        try worker.say(.done(.string(String(repeating: "x", count: TaskResult.limit))), "t")
        try worker.say(.done("small"), "t")
        try await bench.settle()
        #expect(worker.answers == ["accept t: ok", "done t: resultTooLarge", "done t: ok"])
    }

    @Test("A kind that is routed elsewhere waits for a worker, though the server has its code")
    func routed() async throws {
        let bench = try await EngineUnderTest([EchoKind()], routed: ["echo"])
        let worker = WorkerUnderTest("w", bench.engine)
        try await bench.serving {
            try await bench.submit("t", "echo")
            try await bench.settle()
            #expect(try await bench.engine.task("t")?.waiting == "no worker offers echo")
            worker.join(["echo"])
            try await bench.settle()
            #expect(worker.offered == ["t"])
        }
    }

    @Test("An executor's own queue is a reason of its own, told of each task and taken back")
    func ownReason() async throws {
        let bench = try await EngineUnderTest([])
        let worker = WorkerUnderTest("celery", bench.engine)
        worker.join(slots: 2, kind: .celery, hasDeadlines: false, waiting: "waits in the Celery queue gpu")
        try await bench.submit("t1")
        try await bench.submit("t2")
        try await bench.settle()
        #expect(bench.reasons == ["task t1: waits in the Celery queue gpu", "task t2: waits in the Celery queue gpu"])
        #expect(try await bench.engine.task("t1")?.waiting == "waits in the Celery queue gpu")
        try worker.say(.accept, "t1")
        bench.engine.leave(client: "celery")
        try await bench.settle()
        #expect(try await bench.engine.task("t2")?.waiting == "no worker offers gpu")
        #expect(
            bench.journal.read { $0.tasks.snapshot.tasks.map(\.waiting) }.allSatisfy { $0 == "no worker offers gpu" }
        )
    }

    @Test("An executor that finds a loss itself gives the task back")
    func releases() async throws {
        let bench = try await EngineUnderTest([])
        let worker = WorkerUnderTest("celery", bench.engine)
        worker.join(kind: .celery, hasDeadlines: false)
        try await bench.submit("t", attempts: 1)
        try await bench.settle()
        let ticket = try worker.ticket("t")
        worker.say(.accept, ticket)
        bench.engine.release(ticket, reason: .workerGone)
        bench.engine.release(ticket, reason: .workerGone)
        try await bench.settle()
        #expect(try await bench.engine.task("t")?.error?.code == "worker_lost")
    }

    @Test("Whatever the shutdown takes back costs no attempt, and nothing is offered any more")
    func shutdown() async throws {
        let bench = try await EngineUnderTest([])
        let worker = WorkerUnderTest("w", bench.engine)
        worker.join(slots: 2)
        try await bench.submit("t1", attempts: 1)
        try await bench.submit("t2")
        try await bench.settle()
        try worker.say(.accept, "t1")
        bench.engine.retireWorkers()
        bench.engine.leave(client: "w")
        let late = WorkerUnderTest("late", bench.engine)
        late.join()
        try worker.say(.done(1), "t1")
        try await bench.settle()
        #expect(bench.events.story("t1") == ["created", "started", "requeued shutdown"])
        #expect(worker.answers.last == "done t1: leaseLost")
        #expect(late.offers.isEmpty)
        let second = try await EngineUnderTest([], in: bench.folder)
        #expect(second.engine.counts[.queued] == 2)
        #expect(try await second.engine.task("t1")?.attempt == 0)
    }

    @Test("After a crash a worker's task goes back to the queue, and its old lease is worth nothing")
    func crash() async throws {
        let bench = try await EngineUnderTest([])
        let worker = WorkerUnderTest("w", bench.engine)
        worker.join()
        try await bench.submit("t")
        try await bench.settle()
        let ticket = try worker.ticket("t")
        worker.say(.accept, ticket)
        try await bench.settle()
        let second = try await EngineUnderTest([], in: bench.folder)
        #expect(second.events.story("t") == ["requeued restart"])
        let again = WorkerUnderTest("w", second.engine)
        again.join()
        again.say(.done(1), ticket)
        try await second.settle()
        #expect(again.answers == ["done t: leaseLost"])
        #expect(again.offers.map(\.lease.attempt) == [2])
    }
}
