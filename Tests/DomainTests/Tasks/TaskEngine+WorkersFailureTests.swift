import Synchronization
import Testing

@testable import Domain

/// Workers and a store that fails: nobody is told what is not on disk, and nothing that was said is lost.
@Suite(.timeLimit(.minutes(5)))
struct TaskEngineWorkersFailureTests {
    @Test("No offer is made of a task that could not be written")
    func noOffer() async throws {
        let bench = try await EngineUnderTest([])
        let worker = WorkerUnderTest("w", bench.engine)
        worker.join()
        try await bench.settle()
        try await bench.breakStore(true)
        await #expect(throws: TaskError.self) { try await bench.submit("t") }
        try await bench.settle()
        #expect(worker.offers.isEmpty)
        try await bench.breakStore(false)
        try await bench.submit("t")
        bench.time.pass(1000)
        try await bench.settle()
        #expect(worker.offered == ["t"])
    }

    @Test("Words that cannot be written wait, are answered when they are on disk, and nothing overtakes them")
    func held() async throws {
        let bench = try await EngineUnderTest([])
        let worker = WorkerUnderTest("w", bench.engine)
        worker.join()
        try await bench.submit("t")
        try await bench.settle()
        try await bench.breakStore(true)
        try worker.say(.accept, "t")
        try await bench.settle()
        try worker.say(.progress(.init(current: 1, total: nil, message: "")), "t")
        bench.time.pass(1000)
        try await bench.settle()
        try worker.say(.done(7), "t")
        try await bench.settle()
        #expect(worker.answers.isEmpty)
        #expect(bench.events.story("t") == ["created"])
        try await bench.breakStore(false)
        try await bench.settle()
        bench.time.pass(1000)
        try await bench.settle()
        #expect(worker.answers == ["accept t: ok", "progress t: ok", "done t: ok"])
        #expect(bench.events.story("t") == ["created", "started", "progress 1", "done"])
        #expect(try await bench.store.task("t")?.result == 7)
    }

    @Test("A lease does not end while its holder's words wait for the store")
    func heldRenews() async throws {
        let bench = try await EngineUnderTest([])
        let worker = WorkerUnderTest("w", bench.engine)
        worker.join()
        try await bench.submit("t")
        try await bench.settle()
        try worker.say(.accept, "t")
        try await bench.settle()
        try await bench.breakStore(true)
        await #expect(throws: TaskError.self) { try await bench.submit("other") }
        // The engine knows by now that the store fails, so the word waits.
        try worker.say(.log(.info, "late"), "t")
        try await bench.breakStore(false)
        bench.time.pass(60_000)
        try await bench.settle()
        #expect(worker.answers == ["accept t: ok", "log t: ok"])
        #expect(bench.engine.counts[.running] == 1)
    }

    @Test("A worker that leaves while the store fails has left when it works again")
    func leaves() async throws {
        let bench = try await EngineUnderTest([])
        let worker = WorkerUnderTest("w", bench.engine)
        worker.join()
        try await bench.submit("t")
        try await bench.settle()
        try worker.say(.accept, "t")
        try await bench.settle()
        try await bench.breakStore(true)
        bench.engine.leave(client: "w")
        let other = WorkerUnderTest("w2", bench.engine)
        other.join()
        try await bench.settle()
        #expect(other.offers.isEmpty)
        try await bench.breakStore(false)
        bench.time.pass(1000)
        try await bench.settle()
        #expect(bench.events.story("t") == ["created", "started", "requeued worker_gone"])
        #expect(other.offered == ["t"])
    }

    @Test("A cancel that could not be written tells the worker nothing")
    func cancel() async throws {
        let bench = try await EngineUnderTest([])
        let worker = WorkerUnderTest("w", bench.engine)
        worker.join()
        try await bench.submit("t")
        try await bench.settle()
        try worker.say(.accept, "t")
        try await bench.settle()
        try await bench.breakStore(true)
        await #expect(throws: TaskError.self) { try await bench.engine.cancel("t") }
        #expect(worker.cancelled.isEmpty)
        try await bench.breakStore(false)
        try worker.say(.done(1), "t")
        bench.time.pass(1000)
        try await bench.settle()
        #expect(worker.answers.last == "done t: ok")
    }

    @Test("What workers hold when the server stops is given back at no cost, though the store fails at that moment")
    func retires() async throws {
        let bench = try await EngineUnderTest([])
        let worker = WorkerUnderTest("w", bench.engine)
        worker.join()
        try await bench.submit("t")
        try await bench.settle()
        try worker.say(.accept, "t")
        try await bench.settle()
        try await bench.breakStore(true)
        bench.engine.retireWorkers()
        bench.engine.leave(client: "w")
        try await bench.settle()
        try await bench.breakStore(false)
        bench.time.pass(1000)
        try await bench.settle()
        #expect(bench.events.story("t") == ["created", "started", "requeued shutdown"])
        #expect(try await bench.store.task("t")?.attempt == 0)
    }

    @Test("A clock that is set ends no lease, and lets none last longer")
    func clockIsSet() async throws {
        let bench = try await EngineUnderTest([])
        let worker = WorkerUnderTest("w", bench.engine)
        worker.join()
        try await bench.submit("t")
        try await bench.settle()
        try worker.say(.accept, "t")
        try await bench.settle()
        bench.time.set(by: 3_600_000)
        bench.time.pass(5_000)
        try await bench.settle()
        #expect(bench.events.story("t") == ["created", "started"])
        let alarms = bench.time.alarms
        bench.time.set(by: -7_200_000)
        try await bench.settle()
        #expect(bench.time.alarms == alarms, "a later alarm has taken the place of the one that is set")
        bench.time.pass(10_000)
        try await bench.settle()
        #expect(bench.events.story("t").last == "requeued lease_expired")
    }

    // MARK: - Anything

    /// What a random life checks while it goes on.
    private final class Checks: Sendable {
        let wrong = Mutex<[String]>([])
        let said = Mutex<[String: [String]]>([:])

        func fail(_ text: String) { wrong.withLock { $0.append(text) } }

        func note(_ worker: String, _ word: String) { said.withLock { $0[worker, default: []].append(word) } }
    }

    @Test(
        "Whatever happens: what is told is on disk, words are answered in order, tasks are done once",
        arguments: 0..<6
    )
    func anything(run: Int) async throws {
        let seed = UInt64.random(in: .min ... .max)
        print("Workers with a failing store, run \(run): seed \(seed)")
        var random = TaskRandom(seed: seed)
        let bench = try await EngineUnderTest([])
        let checks = Checks()
        let workers = (0..<3).map { WorkerUnderTest("w\($0)", bench.engine) }
        for worker in workers {
            worker.onOffer { offer in
                let known = try? bench.store.endedTask(offer.record.id)
                if known?.state != .queued { checks.fail("offer of \(offer.record.id), \(known?.state as Any)") }
            }
        }
        func say(_ worker: WorkerUnderTest, _ word: WorkerWord, _ ticket: TaskTicket) {
            checks.note(worker.id, "\("\(word)".prefix { $0 != "(" }) \(ticket.task)")
            worker.say(word, ticket)
        }
        var isBroken = false
        var tasks: [String] = []
        for step in 0..<250 {
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<4:
                let id = "t\(step)"
                if (try? await bench.submit(id, attempts: 50)) != nil { tasks.append(id) }
            case 4: workers.randomElement(using: &random)?.join(slots: Int.random(in: 1...3, using: &random))
            case 5: if let worker = workers.randomElement(using: &random) { bench.engine.leave(client: worker.id) }
            case 6: if let task = tasks.randomElement(using: &random) { _ = try? await bench.engine.cancel(task) }
            case 7:
                isBroken.toggle()
                try await bench.breakStore(isBroken)
            case 8, 9: bench.time.pass(Int.random(in: 0...6000, using: &random))
            default:
                guard let worker = workers.randomElement(using: &random),
                    let offer = worker.offers.suffix(4).randomElement(using: &random)
                else { continue }
                let ticket = offer.lease.ticket
                switch Int.random(in: 0..<6, using: &random) {
                case 0, 1: say(worker, .accept, ticket)
                case 2: say(worker, .done(.string(ticket.lease)), ticket)
                case 3: say(worker, .progress(.init(current: step, total: nil, message: "")), ticket)
                case 4: say(worker, .reject(nil), ticket)
                default: say(worker, .fail(.init(code: "e", message: ""), retry: true), ticket)
                }
            }
            if random.once(in: 3) { try await bench.settle() }
        }
        // From here on everything works, and one worker does what is left.
        try await bench.breakStore(false)
        for worker in workers { bench.engine.leave(client: worker.id) }
        let last = WorkerUnderTest("last", bench.engine)
        last.onOffer { offer in
            last.say(.accept, offer.lease.ticket)
            last.say(.done(.string(offer.lease.secret)), offer.lease.ticket)
        }
        last.join(slots: 4)
        while bench.engine.counts[.queued] + bench.engine.counts[.running] > 0 {
            try Task.checkCancellation()
            bench.time.pass(1000)
            try await bench.settle()
        }
        try await bench.settle()
        #expect(checks.wrong.withLock { $0 } == [], "seed \(seed)")
        var winners: [String: String] = [:]
        for worker in workers + [last] {
            if worker !== last {
                let said = checks.said.withLock { $0[worker.id] ?? [] }
                #expect(worker.answers.map { String($0.prefix { $0 != ":" }) } == said, "seed \(seed)")
            }
            for answer in worker.answers where answer.hasPrefix("done") && answer.hasSuffix("ok") {
                let task = String(answer.dropFirst(5).dropLast(4))
                #expect(winners.updateValue(worker.id, forKey: task) == nil, "\(task) was done twice, seed \(seed)")
            }
        }
        for task in tasks {
            let record = try #require(try await bench.store.task(task), "seed \(seed)")
            #expect((record.state == .done) == (winners[task] != nil), "\(task), seed \(seed)")
            #expect(bench.events.story(task).count { ["done", "failed", "cancelled"].contains($0) } == 1)
        }
        let reread = try await EngineUnderTest([], in: bench.folder)
        #expect(reread.engine.counts == bench.engine.counts, "seed \(seed)")
    }
}
