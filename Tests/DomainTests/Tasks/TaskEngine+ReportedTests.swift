import Testing

@testable import Domain

/// Workers that only report (contracts/vframe.md §4).
@Suite(.timeLimit(.minutes(5)))
struct TaskEngineReportedTests {
    /// The flags of all events of a task, in order.
    private func relayed(_ bench: EngineUnderTest, _ id: String) -> [Bool] {
        bench.events.entries.compactMap { entry in
            switch entry.event {
            case .taskCreated(let task), .taskStarted(let task), .taskProgress(let task), .taskFinished(let task),
                .taskRequeued(let task, attempt: _, reason: _):
                task.id == id ? task.isRelayed : nil
            case .taskLog(task: id, let line): line.isRelayed
            default: nil
            }
        }
    }

    @Test("A task that is only reported is a task of its own, and a goodbye ends it as done")
    func life() async throws {
        let bench = try await EngineUnderTest([])
        bench.engine.start("u", by: "c")
        bench.engine.progress("u", .init(current: 1, total: 3, message: "m"), by: "c")
        bench.engine.log("u", .error, "oh", by: "c")
        try await bench.settle()
        let task = try #require(try await bench.engine.task("u"))
        #expect(task.name == "vframe" && task.attempts == 1 && task.attempt == 1 && task.state == .running)
        #expect(task.executor == .init(kind: .socketio, client: "c"))
        bench.engine.end("u", by: "c", isClean: true)
        try await bench.settle()
        #expect(bench.events.story("u") == ["created", "started", "progress 1", "log oh", "done"])
        #expect(relayed(bench, "u").allSatisfy { $0 })
        #expect(try bench.store.endedTask("u")?.progress?.current == 1)
        #expect(bench.engine.counts[.done] == 1)
    }

    @Test("One whose reporter is lost has failed")
    func lost() async throws {
        let bench = try await EngineUnderTest([])
        bench.engine.start("u", by: "c")
        bench.engine.end("u", by: "c", isClean: false)
        try await bench.settle()
        #expect(bench.events.story("u") == ["created", "started", "failed"])
        #expect(try await bench.engine.task("u")?.error?.code == "worker_lost")
    }

    @Test("Only the reporter's words count, and only while the task runs")
    func strangers() async throws {
        let bench = try await EngineUnderTest([])
        bench.engine.progress("u", .init(current: 9, total: nil, message: ""), by: "c")
        bench.engine.start("u", by: "c")
        bench.engine.progress("u", .init(current: 9, total: nil, message: ""), by: "other")
        bench.engine.log("u", .info, "no", by: "other")
        bench.engine.end("u", by: "other", isClean: true)
        bench.engine.end("nothing", by: "c", isClean: true)
        try await bench.settle()
        #expect(bench.events.story("u") == ["created", "started"])
        bench.engine.end("u", by: "c", isClean: true)
        bench.engine.log("u", .info, "late", by: "c")
        bench.engine.end("u", by: "c", isClean: false)
        try await bench.settle()
        #expect(bench.events.story("u") == ["created", "started", "done"])
    }

    @Test("A second start begins it anew, and whoever said it owns it")
    func again() async throws {
        let bench = try await EngineUnderTest([])
        bench.engine.start("u", by: "c1")
        bench.engine.progress("u", .init(current: 5, total: nil, message: ""), by: "c1")
        bench.engine.start("u", by: "c2")
        try await bench.settle()
        #expect(try await bench.engine.task("u")?.progress == nil)
        bench.engine.end("u", by: "c1", isClean: false)
        bench.engine.progress("u", .init(current: 1, total: nil, message: ""), by: "c2")
        try await bench.settle()
        #expect(bench.events.story("u") == ["created", "started", "progress 5", "started", "progress 1"])
        #expect(bench.engine.counts[.running] == 1)
        #expect(try await bench.engine.task("u")?.executor?.client == "c2")
        bench.engine.end("u", by: "c2", isClean: true)
        try await bench.settle()
        #expect(bench.engine.counts[.done] == 1)
    }

    @Test(
        "An id that is taken or none gets another here",
        arguments: ["ended", "waiting", "", "with space", String(repeating: "x", count: 129)]
    )
    func otherID(uuid: String) async throws {
        let bench = try await EngineUnderTest([])
        bench.engine.start("ended", by: "c")
        bench.engine.end("ended", by: "c", isClean: true)
        try await bench.submit("waiting")
        let before = bench.events.entries.count
        bench.engine.start(uuid, by: "c")
        bench.engine.progress(uuid, .init(current: 3, total: nil, message: ""), by: "c")
        bench.engine.end(uuid, by: "c", isClean: true)
        try await bench.settle()
        let events = bench.events.entries.dropFirst(before).map(\.event)
        guard case .taskCreated(let task)? = events.first else {
            Issue.record("no task was made")
            return
        }
        #expect(task.id != uuid && Identifier.isValid(task.id))
        #expect(bench.events.story(task.id) == ["created", "started", "progress 3", "done"])
        #expect(try await bench.engine.task("waiting")?.state == .queued)
        #expect(bench.engine.counts[.done] == 2)
    }

    @Test("A reported task that was cancelled here stays so, whatever its reporter says")
    func cancelled() async throws {
        let bench = try await EngineUnderTest([])
        bench.engine.start("u", by: "c")
        try await bench.engine.cancel("u")
        bench.engine.progress("u", .init(current: 1, total: nil, message: ""), by: "c")
        bench.engine.end("u", by: "c", isClean: true)
        try await bench.settle()
        #expect(bench.events.story("u") == ["created", "started", "cancelled"])
    }

    @Test("After a restart, and after a shutdown, reported tasks have failed", arguments: [true, false])
    func restart(isClean: Bool) async throws {
        let bench = try await EngineUnderTest([])
        bench.engine.start("u", by: "c")
        if isClean { bench.engine.retireWorkers() }
        try await bench.settle()
        let second = try await EngineUnderTest([], in: bench.folder)
        #expect(second.events.story("u") == ["failed"])
        #expect(try await second.engine.task("u")?.error?.code == "worker_lost")
    }

    // MARK: - Tasks of another executor

    private func celery(_ bench: EngineUnderTest) async throws -> WorkerUnderTest {
        let worker = WorkerUnderTest("celery", bench.engine)
        worker.join(kind: .celery, hasDeadlines: false, waiting: "waits in the Celery queue gpu")
        try await bench.submit("t")
        try await bench.settle()
        return worker
    }

    @Test("A report about a task in another executor's queue begins it, and that executor's word ends it")
    func attached() async throws {
        let bench = try await EngineUnderTest([])
        let worker = try await celery(bench)
        bench.engine.start("t", by: "c")
        bench.engine.progress("t", .init(current: 2, total: nil, message: ""), by: "c")
        bench.engine.log("t", .debug, "line", by: "c")
        bench.engine.end("t", by: "c", isClean: true)
        try await bench.settle()
        #expect(bench.engine.counts[.running] == 1)
        #expect(try await bench.engine.task("t")?.executor?.kind == .celery)
        try worker.say(.accept, "t")
        try worker.say(.done(["status": "done"]), "t")
        try await bench.settle()
        #expect(bench.events.story("t") == ["created", "started", "progress 2", "log line", "done"])
        #expect(relayed(bench, "t") == [false, true, true, true, true])
        #expect(worker.answers == ["accept t: ok", "done t: ok"])
    }

    @Test("When its reporter is lost the task goes back to the queue at once, and its executor is told")
    func attachedLost() async throws {
        let bench = try await EngineUnderTest([])
        let worker = try await celery(bench)
        let ticket = try worker.ticket("t")
        bench.engine.start("t", by: "c")
        bench.engine.end("t", by: "c", isClean: false)
        try await bench.settle()
        #expect(bench.events.story("t") == ["created", "started", "requeued worker_gone"])
        #expect(relayed(bench, "t") == [false, true, true])
        #expect(worker.cancelled == ["t"])
        #expect(worker.offers.map(\.lease.attempt) == [1, 2])
        worker.say(.done(1), ticket)
        try await bench.settle()
        #expect(worker.answers == ["done t: leaseLost"])
    }

    @Test("Another report of the same start changes the reporter only")
    func attachedAgain() async throws {
        let bench = try await EngineUnderTest([])
        _ = try await celery(bench)
        bench.engine.start("t", by: "c1")
        bench.engine.start("t", by: "c2")
        bench.engine.end("t", by: "c1", isClean: false)
        try await bench.settle()
        #expect(bench.events.story("t") == ["created", "started"])
        bench.engine.end("t", by: "c2", isClean: false)
        try await bench.settle()
        #expect(bench.events.story("t").last == "requeued worker_gone")
    }

    @Test("A report that cannot be written is taken in later")
    func held() async throws {
        let bench = try await EngineUnderTest([])
        try await bench.breakStore(true)
        bench.engine.start("u", by: "c")
        bench.engine.log("u", .info, "line", by: "c")
        try await bench.settle()
        #expect(bench.events.entries.isEmpty)
        try await bench.breakStore(false)
        bench.time.pass(1000)
        bench.engine.end("u", by: "c", isClean: true)
        try await bench.settle()
        #expect(bench.events.story("u") == ["created", "started", "log line", "done"])
    }
}
