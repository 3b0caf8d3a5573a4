import Testing

@testable import Domain

/// Who gets what: workers, slots, fairness, and what becomes of slots.
struct TaskQueueWorkerTests {
    let queue = QueueUnderTest(TaskQueue(builtIn: ["scan", "train"], times: .init(lease: 100, offer: 30)))

    func add(_ id: String, _ name: String = "gpu", priority: Int = 0, requires: [String]? = nil) {
        let sequence = TaskRecord.State.allCases.reduce(1) { $0 + queue.counts[$1] }
        let record = TaskRecord(
            id: id,
            name: name,
            priority: priority,
            requires: requires ?? [name],
            created: sequence
        )
        queue.enqueue(record, sequence: sequence)
    }

    func join(
        _ client: String,
        _ capabilities: Set<String> = ["gpu"],
        slots: Int = 1,
        hasDeadlines: Bool = true,
        waiting: String? = nil
    ) {
        queue.join(
            WorkerProfile(
                client: client,
                executor: .init(kind: .peer, client: client),
                capabilities: capabilities,
                slots: slots,
                hasDeadlines: hasDeadlines,
                waiting: waiting
            )
        )
    }

    /// Who was offered what, as `worker: task`.
    func assign(now: Int = 0) -> [String] {
        queue.assign(now: now).map { "\($0.lease.holder ?? "?"): \($0.record.id)" }
    }

    @discardableResult
    func begin(_ worker: String, now: Int = 0) throws -> TaskTicket {
        let ticket = try #require(queue.assign(now: now).first { $0.lease.holder == worker }).lease.ticket
        _ = try queue.accept(ticket, now: now)
        return ticket
    }

    // MARK: - Who gets it

    @Test("A worker is offered as many tasks as it has slots, and none without slots")
    func slots() {
        join("w", slots: 2)
        join("idle", slots: 0)
        for number in 1...3 { add("t\(number)") }
        #expect(assign() == ["w: t1", "w: t2"])
        #expect(assign().isEmpty)
        #expect(queue.status("w")?.busy == 2)
    }

    @Test("Of those with a free slot the one with the fewest taken comes first, then the one that can do less")
    func choice() throws {
        join("many", ["gpu", "other"], slots: 9)
        join("few", ["gpu"], slots: 9)
        join("late", ["gpu"], slots: 9)
        for number in 1...5 { add("t\(number)") }
        #expect(assign() == ["few: t1", "late: t2", "many: t3", "few: t4", "late: t5"])
    }

    @Test("A worker gets only what it has all capabilities for, the greater priority first")
    func capabilities() {
        join("w", ["a", "b"], slots: 9)
        add("other", "c")
        add("low", "a", priority: -1)
        add("both", "x", requires: ["a", "b"])
        add("more", "x", requires: ["a", "c"])
        add("any", "x", requires: [])
        add("high", "b", priority: 5)
        add("server", "scan")
        #expect(assign() == ["w: high", "w: both", "w: any", "w: low"])
    }

    // MARK: - Fairness

    @Test("At equal priority the kind that was served longest ago is next, and age decides within it")
    func fairness() throws {
        for number in 1...4 { add("a\(number)", "a", requires: ["gpu"]) }
        for number in 1...2 { add("b\(number)", "b", requires: ["gpu"]) }
        add("c1", "c", requires: ["cpu"])
        add("a0", "a", priority: 1, requires: ["gpu"])
        join("w", ["gpu", "cpu"], slots: 9)
        #expect(assign() == ["w: a0", "w: b1", "w: c1", "w: a1", "w: b2", "w: a2", "w: a3", "w: a4"])
    }

    @Test("A kind that comes in drops does not keep another waiting")
    func trickle() throws {
        for number in 1...20 { add("bulk\(number)", "bulk", requires: ["gpu"]) }
        join("w")
        var order: [String] = []
        for round in 1...8 {
            add("drop\(round)", "drop", requires: ["gpu"])
            let ticket = try begin("w")
            order.append(String(ticket.task.prefix(4)))
            _ = try queue.complete(ticket, result: TaskResult(1), now: 1)
        }
        #expect(order == ["bulk", "drop", "bulk", "drop", "bulk", "drop", "bulk", "drop"])
    }

    @Test("Kinds that run in the server take turns as well")
    func fairServer() {
        for number in 1...3 { add("s\(number)", "scan") }
        for number in 1...2 { add("t\(number)", "train") }
        let order = (0..<6).map { _ in queue.claim(by: .local, now: 1)?.record.id }
        #expect(order == ["s1", "t1", "s2", "t2", "s3", nil])
    }

    @Test("What is rolled back was nobody's turn")
    func fairRollback() {
        for number in 1...2 {
            add("a\(number)", "a", requires: ["gpu"])
            add("b\(number)", "b", requires: ["gpu"])
        }
        join("w", slots: 9)
        queue.checkpoint()
        #expect(assign() == ["w: a1", "w: b1", "w: a2", "w: b2"])
        queue.rollback()
        #expect(queue.status("w")?.busy == 0)
        #expect(assign() == ["w: a1", "w: b1", "w: a2", "w: b2"])
    }

    @Test("A hundred thousand tasks of a thousand kinds are handed out in turns, soon")
    func many() {
        for number in 0..<100_000 { add("t\(number)", "k\(number % 1000)", requires: ["gpu"]) }
        join("w", slots: 3000)
        let order = queue.assign(now: 0).map(\.record.id)
        #expect(order == (0..<3000).map { "t\($0)" })
        let clock = ContinuousClock()
        let time = clock.measure { _ = queue.settle() }
        #expect(time < .seconds(60))
    }

    // MARK: - Offers that lead to nothing

    @Test("A task that one worker declines goes to another, and comes back to it after a pause")
    func declined() throws {
        join("w1")
        add("t")
        let offer = try #require(queue.assign(now: 0).first)
        #expect(try queue.reject(offer.lease.ticket, reason: nil, now: 10) == nil)
        #expect(queue.record("t")?.attempt == 0)
        #expect(assign(now: 11).isEmpty)
        _ = queue.settle()
        #expect(queue.record("t")?.waiting == "every worker that offers gpu is busy or has declined")
        #expect(queue.nextDeadline == 1010)
        join("w2")
        #expect(assign(now: 12) == ["w2: t"])
        _ = queue.release(client: "w2", now: 13)
        #expect(queue.expire(now: 1010).leases.isEmpty)
        #expect(assign(now: 1010) == ["w1: t"])
        #expect(throws: TaskError.leaseLost) { try queue.reject(offer.lease.ticket, reason: nil, now: 1011) }
    }

    @Test("A declined task does not keep the worker from others")
    func declinedOther() throws {
        join("w", ["a", "b"])
        add("t1", "a")
        add("t2", "b")
        let offer = try #require(queue.assign(now: 0).first)
        _ = try queue.reject(offer.lease.ticket, reason: "not now", now: 1)
        #expect(assign(now: 1) == ["w: t2"])
    }

    @Test("An offer that is not answered in time goes to another and counts no attempt")
    func ignored() throws {
        join("w1")
        join("w2")
        add("t")
        #expect(assign(now: 0) == ["w1: t"])
        #expect(queue.expire(now: 29).leases.isEmpty)
        #expect(queue.expire(now: 30).leases.count == 1)
        #expect(queue.record("t")?.attempt == 0)
        #expect(assign(now: 30) == ["w2: t"])
        #expect(queue.status("w1")?.failed == 0)
    }

    @Test("What is given back after it was accepted has failed")
    func rejectedLate() throws {
        join("w")
        add("t")
        let transition = try queue.reject(try begin("w"), reason: "no space", now: 5)
        #expect(transition?.kind == .requeued(attempt: 1, reason: .workerFailed))
        #expect(queue.status("w")?.lastError == "no space")
    }

    // MARK: - Cancelling

    @Test("The slot of a cancelled task stays taken until the worker has stopped it", arguments: [true, false])
    func stopping(isAccepted: Bool) throws {
        join("w")
        add("t1")
        add("t2")
        let ticket = try #require(queue.assign(now: 0).first).lease.ticket
        if isAccepted { _ = try queue.accept(ticket, now: 1) }
        #expect(try queue.cancel("t1", now: 2).lease?.ticket == ticket)
        #expect(queue.status("w")?.busy == 1)
        #expect(queue.status("w")?.tasks == [])
        #expect(assign(now: 3).isEmpty)
        let stranger = TaskTicket(task: "t1", lease: ticket.lease, client: "w2")
        #expect(!queue.stopped(stranger))
        #expect(queue.stopped(ticket))
        #expect(!queue.stopped(ticket))
        #expect(assign(now: 4) == ["w: t2"])
        #expect(queue.status("w")?.failed == 0)
    }

    @Test("A worker that does not stop has its slot back when the lease would have ended")
    func stoppingEnds() throws {
        join("w")
        add("t1")
        let ticket = try begin("w", now: 0)
        _ = try queue.cancel("t1", now: 50)
        #expect(queue.nextDeadline == 100)
        _ = queue.expire(now: 99)
        #expect(queue.status("w")?.busy == 1)
        queue.renew(client: "w", now: 99)
        _ = queue.expire(now: 100)
        #expect(queue.status("w")?.busy == 0)
        #expect(!queue.stopped(ticket))
    }

    @Test("A worker that leaves takes its stopping tasks with it")
    func stoppingLeaves() throws {
        join("w")
        add("t")
        try begin("w")
        _ = try queue.cancel("t", now: 1)
        _ = queue.release(client: "w", now: 2)
        #expect(queue.status("w") == nil)
        #expect(queue.nextDeadline == nil)
    }

    // MARK: - Executors without deadlines

    @Test("Offers and leases of an executor without deadlines end by word only")
    func noDeadlines() throws {
        join("queue", slots: 2, hasDeadlines: false, waiting: "waits in the queue")
        add("t1")
        add("t2")
        let offers = queue.assign(now: 0)
        _ = try queue.accept(offers[0].lease.ticket, now: 1)
        queue.renew(client: "queue", now: 2)
        #expect(queue.nextDeadline == nil)
        #expect(queue.expire(now: 1_000_000).leases.isEmpty)
        #expect(queue.record("t2")?.waiting == "waits in the queue")
        let withdrawn = try queue.release(offers[1].lease.ticket, reason: .workerGone, now: 3)
        #expect(withdrawn?.kind == .waiting)
        #expect(withdrawn?.record.waiting == nil)
    }

    // MARK: - Figures

    @Test("A worker's figures count what it did, failed at and was silent about")
    func figures() throws {
        join("w", slots: 3)
        for number in 1...3 { add("t\(number)") }
        let tickets = queue.assign(now: 0).map(\.lease.ticket)
        for ticket in tickets { _ = try queue.accept(ticket, now: 0) }
        #expect(queue.status("w")?.tasks == ["t1", "t2", "t3"])
        _ = try queue.complete(tickets[0], result: TaskResult(1), now: 1)
        _ = try queue.fail(tickets[1], error: .init(code: "oom", message: "no memory"), retry: false, now: 1)
        #expect(queue.status("w")?.lastError == "no memory")
        _ = queue.expire(now: 100)
        let status = try #require(queue.status("w"))
        #expect((status.done, status.failed, status.busy) == (1, 2, 0))
        #expect(status.lastError == "its executor fell silent")
    }

    @Test("A shutdown takes everything back and costs no attempt")
    func shutdown() throws {
        join("w", slots: 2)
        add("t1")
        add("t2")
        let tickets = queue.assign(now: 0).map(\.lease.ticket)
        _ = try queue.accept(tickets[0], now: 0)
        let ended = queue.releaseWorkers(reason: .shutdown, now: 1)
        #expect(ended.leases.map(\.task) == ["t1", "t2"])
        #expect(ended.transitions.map(\.kind) == [.requeued(attempt: 1, reason: .shutdown)])
        #expect(queue.record("t1")?.attempt == 0)
    }
}
