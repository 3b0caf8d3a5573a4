import Dispatch
import GRDB
import Testing

@testable import Domain

@Suite(.timeLimit(.minutes(5)))
struct TaskEngineRecoveryTests {
    @Test("After a crash running tasks go back to the queue or fail, by policy and attempts")
    func crash() async throws {
        let again = GatedKind("again")
        let once = GatedKind("once", restartPolicy: .fail)
        let first = try await EngineUnderTest([again, once], slots: 8)
        let serving = Task { try await first.engine.run() }
        for (id, name, attempts) in [("a", "again", 3), ("b", "once", 3), ("c", "again", 1)] {
            _ = try await first.engine.submit(TaskRequest(name: name, attempts: attempts, id: id))
            await first.events.until(id, "started")
        }
        _ = try await first.engine.submit(TaskRequest(name: "peer.depth", priority: 3, requires: ["gpu"], id: "w"))
        _ = try await first.engine.submit(TaskRequest(name: "again", id: "stubborn"))
        await first.events.until("stubborn", "started")

        // The old engine never hears of its end: this is what the next process finds.
        let kind = GatedKind("again")
        let second = try await EngineUnderTest(
            [kind, GatedKind("once", restartPolicy: .fail)],
            slots: 1,
            in: first.folder
        )
        #expect(second.events.story("a") == ["requeued restart"])
        #expect(second.events.story("b") == ["failed"])
        #expect(second.events.story("c") == ["failed"])
        #expect(try await second.engine.task("b")?.error?.code == "worker_lost")
        #expect(try await second.engine.task("c")?.error?.code == "worker_lost")
        let waiting = try #require(try await second.engine.task("w"))
        #expect(waiting.priority == 3)
        #expect(waiting.requires == ["gpu"])
        #expect(waiting.waiting == "no worker offers gpu")
        #expect(second.engine.counts[.failed] == 2)
        #expect(second.engine.counts[.queued] == 3)
        #expect(second.engine.counts[.running] == 0)
        try await second.serving {
            let run = try await kind.next()
            #expect(run.context.task == "a")
            #expect(run.context.attempt == 2)
            run.finish()
            try await kind.next().finish()
            await second.events.finished(4)
        }
        let third = try await EngineUnderTest([], in: first.folder)
        #expect(third.events.entries.isEmpty)
        #expect(third.engine.counts[.done] == 2)
        #expect(third.journal.read { $0.tasks.task("a") }?.state == .done)
        serving.cancel()
        try await serving.value
    }

    @Test("A task whose cancelling was under way at the crash ends as cancelled")
    func crashWhileCancelling() async throws {
        let kind = GatedKind(obeysCancel: false)
        let first = try await EngineUnderTest([kind])
        let serving = Task { try await first.engine.run() }
        _ = try await first.engine.submit(TaskRequest(name: "gated", id: "a"))
        let run = try await kind.next()
        run.context.progress(1, of: 2, "on disk it must not undo the wish")
        try await first.settle()
        try await first.engine.cancel("a")
        run.context.log(.info, "still here")
        try await first.settle()
        let second = try await EngineUnderTest([GatedKind()], in: first.folder)
        #expect(second.events.story("a") == ["cancelled"])
        run.finish()
        serving.cancel()
        try await serving.value
    }

    @Test("A graceful shutdown hands running tasks back, which costs no attempt")
    func shutdown() async throws {
        let kind = GatedKind()
        let first = try await EngineUnderTest([kind], slots: 2)
        try await first.serving {
            for id in ["a", "b", "c"] {
                _ = try await first.engine.submit(TaskRequest(name: "gated", attempts: 1, id: id))
            }
            _ = try await kind.next()
            _ = try await kind.next()
        }
        #expect(first.events.story("a") == ["created", "started", "requeued shutdown"])
        #expect(first.events.story("b") == ["created", "started", "requeued shutdown"])
        #expect(first.events.story("c") == ["created"])
        #expect(first.engine.counts[.queued] == 3)
        await #expect(throws: TaskError.shuttingDown) {
            try await first.engine.submit(TaskRequest(name: "gated"))
        }
        let second = try await EngineUnderTest([GatedKind()], in: first.folder)
        #expect(second.events.entries.isEmpty)
        #expect(try await second.engine.task("a")?.attempt == 0)
        #expect(second.engine.counts[.queued] == 3)
    }

    @Test("Work that ends during the shutdown counts as done")
    func shutdownDone() async throws {
        let kind = GatedKind(obeysCancel: false)
        let bench = try await EngineUnderTest([kind])
        let serving = Task { try await bench.engine.run() }
        let id = try await bench.engine.submit(TaskRequest(name: "gated")).id
        let run = try await kind.next()
        serving.cancel()
        run.finish()
        try await serving.value
        #expect(bench.events.story(id) == ["created", "started", "done"])
    }

    @Test("A cancelled service hands its tasks back as well")
    func cancelledService() async throws {
        let kind = GatedKind()
        let bench = try await EngineUnderTest([kind], slots: 4)
        let serving = Task { try await bench.engine.run() }
        for id in ["a", "b", "c", "d", "e"] { _ = try await bench.engine.submit(TaskRequest(name: "gated", id: id)) }
        _ = try await kind.next()
        serving.cancel()
        try await serving.value
        #expect(bench.engine.counts[.queued] == 5)
        #expect(bench.engine.counts[.running] == 0)
        #expect(try await bench.engine.task("a")?.attempt == 0)
    }

    // MARK: - A store that fails

    @Test("A batch that cannot be written leaves no trace in store, queue or journal")
    func atomicity() async throws {
        let bench = try await EngineUnderTest([])
        try await bench.store.pool.write { database in
            try database.execute(
                sql: """
                    CREATE TRIGGER poison BEFORE INSERT ON task WHEN NEW.name = 'poison'
                    BEGIN SELECT RAISE(ABORT, 'no'); END
                    """
            )
        }
        // The writer is held, so that all of these end up in batches together.
        let results = try await withThrowingTaskGroup(of: (String, Bool).self) { group in
            let (held, hold) = AsyncStream.makeStream(of: Void.self)
            let gate = Gate()
            group.addTask {
                try await bench.store.pool.write { _ in
                    hold.yield()
                    gate.waitBlocking()
                }
                return ("", true)
            }
            for await _ in held { break }
            let before = bench.engine.traffic.received
            group.addTask {
                _ = try await bench.engine.submit(TaskRequest(name: "plug"))
                return ("", true)
            }
            while bench.engine.traffic.received == before || bench.engine.traffic.pending > 0 {
                try Task.checkCancellation()
                await Task.yield()
            }
            for number in 0..<20 {
                let name = number == 13 ? "poison" : "fine"
                group.addTask {
                    do throws(TaskError) {
                        _ = try await bench.engine.submit(TaskRequest(name: name, id: "t\(number)"))
                        return ("t\(number)", true)
                    } catch {
                        guard case .internal = error else { throw error }
                        return ("t\(number)", false)
                    }
                }
            }
            while bench.engine.traffic.pending < 20 {
                try Task.checkCancellation()
                await Task.yield()
            }
            gate.open()
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for number in 0..<20 {
            let id = "t\(number)"
            #expect(results[id] == false)
            #expect(try await bench.engine.task(id) == nil)
            #expect(bench.events.story(id).isEmpty)
        }
        #expect(bench.engine.counts[.queued] == 1)
        #expect(bench.events.entries.map(\.offset) == [1])
        // What was refused may be tried again.
        #expect(try await bench.engine.submit(TaskRequest(name: "fine", id: "t13")).state == .queued)
    }

    @Test("The end of a run that cannot be written is written later, with all it reported")
    func retriedEnd() async throws {
        let kind = GatedKind()
        let bench = try await EngineUnderTest([kind])
        try await bench.serving {
            let id = try await bench.engine.submit(TaskRequest(name: "gated")).id
            let run = try await kind.next()
            await bench.events.until(id, "started")
            try await bench.store.pool.write { database in
                try database.execute(
                    sql: "CREATE TRIGGER full BEFORE UPDATE ON task BEGIN SELECT RAISE(ABORT, 'disk full'); END"
                )
            }
            run.context.log(.warning, "line")
            run.context.progress(7, of: 9, "last")
            run.finish()
            while bench.time.alarms == 0 {
                try Task.checkCancellation()
                await Task.yield()
            }
            try await bench.settle()
            #expect(try await bench.engine.task(id)?.state == .running)
            try await bench.store.pool.write { try $0.execute(sql: "DROP TRIGGER full") }
            while bench.events.story(id).last != "done" {
                try Task.checkCancellation()
                bench.time.pass(1000)
                await Task.yield()
            }
            #expect(bench.events.story(id) == ["created", "started", "log line", "progress 7", "done"])
            #expect(try await bench.engine.log(id).map(\.message) == ["line"])
        }
    }

    /// Holds a thread of GRDB's, not one of the cooperative pool.
    private struct Gate: Sendable {
        private let semaphore = DispatchSemaphore(value: 0)
        func waitBlocking() { semaphore.wait() }
        func open() { semaphore.signal() }
    }
}
