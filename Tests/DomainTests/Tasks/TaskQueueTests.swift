import Testing

@testable import Domain

struct TaskQueueTests {
    let queue = QueueUnderTest(TaskQueue(builtIn: ["scan"], times: .init(lease: 100, offer: 30)))
    let peer = TaskRecord.Executor(kind: .peer, client: "w1", name: "box")

    func add(
        _ id: String,
        _ name: String = "scan",
        priority: Int = 0,
        attempts: Int = 3,
        requires: [String]? = nil,
        created: Int = 0
    ) {
        let record = TaskRecord(
            id: id,
            name: name,
            priority: priority,
            attempts: attempts,
            requires: requires ?? [name],
            created: created
        )
        let sequence = TaskRecord.State.allCases.reduce(1) { $0 + queue.counts[$1] }
        queue.enqueue(record, sequence: sequence)
    }

    func start(_ id: String, attempts: Int = 3) throws -> TaskTicket {
        add(id, attempts: attempts)
        return try #require(queue.claim(by: .local, now: 10)).lease.ticket
    }

    func startAtPeer(_ id: String, attempts: Int = 3) throws -> TaskTicket {
        add(id, "gpu", attempts: attempts)
        return try #require(queue.claim(by: peer, capabilities: ["gpu"], now: 10)).lease.ticket
    }

    static func ended(_ transition: TaskTransition?) throws -> TaskRecord {
        let transition = try #require(transition)
        guard case .finished = transition.kind else { throw TaskRecord.Failure(code: "test", message: "not finished") }
        return transition.record
    }

    // MARK: - Order

    @Test("Greater priority runs first, among equals the older, among those of one moment the first in")
    func order() {
        add("late", created: 2)
        add("first", created: 1)
        add("second", created: 1)
        add("urgent", priority: 5, created: 3)
        add("idle", priority: -5, created: 0)
        let order = (0..<6).map { _ in queue.claim(by: .local, now: 10)?.record.id }
        #expect(order == ["urgent", "first", "second", "late", "idle", nil])
    }

    @Test("Of an exclusive kind one task runs at a time, and others pass those that wait", arguments: [true, false])
    func exclusive(isRolledBack: Bool) throws {
        var queue = TaskQueue(builtIn: ["scan", "long"], exclusive: ["scan"])
        for (number, name) in ["scan", "scan", "long"].enumerated() {
            let priority = name == "scan" ? 9 : 0
            let record = TaskRecord(id: "\(number)", name: name, priority: priority, created: number)
            _ = queue.enqueue(record, sequence: number + 1)
        }
        let claimed = queue.claim(by: .local, now: 1)
        let first = try #require(claimed)
        #expect(first.record.id == "0")
        let passing = queue.claim(by: .local, now: 1)?.record.id
        #expect(passing == "2")
        let (isOneLeft, nobody) = (queue.hasWorkForServer, queue.claim(by: .local, now: 1)?.record.id)
        #expect(!isOneLeft && nobody == nil)
        for _ in 0..<(isRolledBack ? 2 : 1) {
            if isRolledBack { queue.rollback() }
            #expect(!queue.hasWorkForServer)
            queue.checkpoint()
            _ = try queue.complete(first.lease.ticket, result: try TaskResult([:]), now: 2)
            let next = queue.claim(by: .local, now: 2)?.record.id
            #expect(next == "1")
        }
    }

    @Test("A task that comes back keeps its place by age")
    func placeKept() throws {
        let ticket = try start("old")
        add("young", created: 5)
        _ = try queue.release(ticket, reason: .shutdown, now: 20)
        #expect(queue.claim(by: .local, now: 30)?.record.id == "old")
    }

    @Test("The server takes built-in kinds only, a worker never does")
    func builtIn() {
        add("mine")
        #expect(queue.claim(by: peer, capabilities: ["scan"], now: 1) == nil)
        #expect(queue.claim(by: .local, now: 1)?.record.id == "mine")
        add("theirs", "gpu")
        #expect(queue.claim(by: .local, now: 1) == nil)
    }

    @Test(
        "A worker takes a task only when it has all that the task requires",
        arguments: [
            (["a", "b"], ["a"], false), (["a", "b"], ["a", "b"], true), (["a", "b"], ["c", "b", "a"], true),
            ([], [], true), ([], ["x"], true), (["a"], [], false),
        ] as [([String], Set<String>, Bool)]
    )
    func capabilities(requires: [String], offers: Set<String>, isTaken: Bool) {
        add("t", "peer.depth", requires: requires)
        #expect((queue.claim(by: peer, capabilities: offers, now: 1) != nil) == isTaken)
    }

    @Test("A task that nobody can run says what it waits for")
    func waiting() {
        add("t", "peer.depth")
        #expect(queue.record("t")?.waiting == "no worker offers peer.depth")
        queue.join(worker: "w1", capabilities: ["other"])
        #expect(queue.settle().isEmpty)
        #expect(queue.record("t")?.waiting == "no worker offers peer.depth")
        queue.join(worker: "w2", capabilities: ["other", "peer.depth"])
        #expect(queue.settle() == ["peer.depth: nil"])
        #expect(queue.record("t")?.waiting == nil)
        _ = queue.release(client: "w2", now: 5)
        #expect(queue.settle() == ["peer.depth: no worker offers peer.depth"])
        #expect(queue.record("t")?.waiting == "no worker offers peer.depth")
        add("both", "x", requires: ["a", "b"])
        #expect(queue.record("both")?.waiting == "no worker offers a, b")
        add("scan")
        #expect(queue.record("scan")?.waiting == nil)
    }

    @Test("Tasks that leave the queue before their turn leave no growing trace")
    func lazyDeletion() throws {
        add("keep")
        for round in 0..<2000 {
            add("t\(round)")
            _ = try queue.cancel("t\(round)", now: 1)
        }
        #expect(queue.placesKept < 200)
        #expect(queue.counts[.cancelled] == 2000)
        #expect(queue.claim(by: .local, now: 1)?.record.id == "keep")
        #expect(queue.claim(by: .local, now: 1) == nil)
    }

    @Test("A hundred thousand queued tasks come out in order")
    func many() {
        for number in 0..<100_000 { add("t\(number)", priority: number % 7, created: number) }
        var last = (-7, -1)
        var count = 0
        while let claim = queue.claim(by: .local, now: 1) {
            let key = (-claim.record.priority, claim.record.created)
            if !(last < key) { Issue.record("\(key) after \(last)") }
            last = key
            count += 1
        }
        #expect(count == 100_000)
    }

    // MARK: - Life

    @Test("A claim starts the next attempt")
    func claim() throws {
        add("t")
        let claim = try #require(queue.claim(by: .local, now: 10))
        #expect(claim.transition.kind == .started)
        #expect(claim.record.state == .running)
        #expect(claim.record.attempt == 1)
        #expect(claim.record.executor == .local)
        #expect(claim.record.started == 10)
        #expect(claim.lease.deadline == nil)
    }

    @Test("An offer is no attempt: withdrawn, it leaves the task as it was")
    func offer() throws {
        add("t", "gpu")
        let offered = try #require(queue.offer(to: peer, capabilities: ["gpu"], now: 10))
        #expect(queue.record("t")?.state == .queued)
        #expect(queue.claim(by: peer, capabilities: ["gpu"], now: 10) == nil)
        let progress = TaskRecord.Progress(current: 0, total: nil, message: "")
        #expect(throws: TaskError.leaseLost) { try queue.progress(offered.ticket, progress, now: 11) }
        let ended = queue.expire(now: 40)
        #expect(ended.leases.map(\.secret) == [offered.secret])
        #expect(ended.transitions.isEmpty)
        let again = try #require(queue.offer(to: peer, capabilities: ["gpu"], now: 41))
        #expect(again.attempt == 1)
        #expect(again.secret != offered.secret)
        #expect(throws: TaskError.leaseLost) { try queue.accept(offered.ticket, now: 42) }
        #expect(try queue.accept(again.ticket, now: 42)?.record.attempt == 1)
        #expect(queue.lease("t")?.deadline == 142)
    }

    @Test("Done keeps a small result in the record and the size of a large one")
    func results() throws {
        let small = try Self.ended(queue.complete(start("s"), result: TaskResult(["a": 1]), now: 20))
        #expect(small.state == .done)
        #expect(small.result == ["a": 1])
        #expect(small.resultSize == nil)
        #expect(small.finished == 20)
        let text = JSON.string(String(repeating: "x", count: TaskRecord.inlineResultLimit))
        let large = try Self.ended(queue.complete(start("l"), result: TaskResult(text), now: 20))
        #expect(large.result == nil)
        #expect(large.resultSize == TaskRecord.inlineResultLimit + 2)
        #expect(queue.record("s") == nil)
    }

    @Test("A result of exactly the limit is kept, one byte more is a failure")
    func resultLimit() throws {
        let fits = try TaskResult(.string(String(repeating: "x", count: TaskResult.limit - 2)))
        #expect(fits.encoded.count == TaskResult.limit)
        let failure = #expect(throws: TaskRecord.Failure.self) {
            try TaskResult(.string(String(repeating: "x", count: TaskResult.limit - 1)))
        }
        #expect(failure?.code == "result_too_large")
    }

    @Test("A failure goes back to the queue until the last attempt, which ends it with the error")
    func retries() throws {
        let error = TaskRecord.Failure(code: "oom", message: "no memory")
        var ticket = try start("t", attempts: 2)
        let requeued = try queue.fail(ticket, error: error, retry: true, now: 20)
        #expect(requeued.kind == .requeued(attempt: 1, reason: .failed))
        #expect(requeued.record.state == .queued)
        #expect(requeued.record.executor == nil)
        #expect(requeued.record.error == nil)
        ticket = try #require(queue.claim(by: .local, now: 30)).lease.ticket
        let failed = try Self.ended(queue.fail(ticket, error: error, retry: true, now: 40))
        #expect(failed.state == .failed)
        #expect(failed.error == error)
        #expect(failed.attempt == 2)
    }

    @Test("A failure that must not be retried ends the task at once")
    func noRetry() throws {
        let error = TaskRecord.Failure(code: "bad", message: "")
        let failed = try Self.ended(queue.fail(start("t"), error: error, retry: false, now: 20))
        #expect(failed.error == error)
        #expect(failed.attempt == 1)
    }

    @Test(
        "What ends an attempt names its reason, and after the last attempt its error",
        arguments: [(RequeueReason.workerGone, "worker_lost"), (.leaseExpired, "lease_expired")]
    )
    func losses(reason: RequeueReason, code: String) throws {
        var ticket = try startAtPeer("t", attempts: 2)
        let transition = try queue.release(ticket, reason: reason, now: 20)
        #expect(transition?.kind == .requeued(attempt: 1, reason: reason))
        ticket = try #require(queue.claim(by: peer, capabilities: ["gpu"], now: 30)).lease.ticket
        #expect(try Self.ended(queue.release(ticket, reason: reason, now: 40)).error?.code == code)
    }

    @Test("A worker's failure is called that")
    func workerFailed() throws {
        let error = TaskRecord.Failure(code: "oom", message: "")
        let transition = try queue.fail(startAtPeer("t"), error: error, retry: true, now: 20)
        #expect(transition.kind == .requeued(attempt: 1, reason: .workerFailed))
    }

    @Test("A shutdown costs no attempt, not even the last")
    func shutdown() throws {
        let ticket = try start("t", attempts: 1)
        let transition = try queue.release(ticket, reason: .shutdown, now: 20)
        #expect(transition?.kind == .requeued(attempt: 1, reason: .shutdown))
        #expect(transition?.record.attempt == 0)
        #expect(queue.claim(by: .local, now: 30)?.record.attempt == 1)
    }

    // MARK: - Leases

    @Test("Every verb with a lease that has ended is refused and changes nothing")
    func leaseLost() throws {
        let ticket = try startAtPeer("t")
        _ = try queue.release(ticket, reason: .workerGone, now: 20)
        let before = queue.record("t")
        let result = try TaskResult(.null)
        let error = TaskRecord.Failure(code: "e", message: "")
        #expect(throws: TaskError.leaseLost) { try queue.accept(ticket, now: 21) }
        #expect(throws: TaskError.leaseLost) { try queue.renew(ticket, now: 21) }
        #expect(throws: TaskError.leaseLost) {
            try queue.progress(ticket, .init(current: 1, total: 2, message: ""), now: 21)
        }
        #expect(throws: TaskError.leaseLost) {
            try queue.log(ticket, TaskLogLine(at: 1, level: .info, message: ""), now: 21)
        }
        #expect(throws: TaskError.leaseLost) { try queue.complete(ticket, result: result, now: 21) }
        #expect(throws: TaskError.leaseLost) { try queue.fail(ticket, error: error, retry: true, now: 21) }
        #expect(throws: TaskError.leaseLost) { try queue.release(ticket, reason: .workerGone, now: 21) }
        #expect(queue.record("t") == before)
        #expect(queue.counts[.queued] == 1)
    }

    @Test("A lease is good for its own task and its own connection only")
    func otherHolder() throws {
        let ticket = try startAtPeer("t")
        let result = try TaskResult(.null)
        for stranger in [
            TaskTicket(task: "t", lease: ticket.lease, client: "w2"),
            TaskTicket(task: "t", lease: ticket.lease, client: nil),
            TaskTicket(task: "u", lease: ticket.lease, client: "w1"),
            TaskTicket(task: "t", lease: "guess", client: "w1"),
        ] {
            #expect(throws: TaskError.leaseLost) { try queue.complete(stranger, result: result, now: 11) }
        }
        #expect(try queue.complete(ticket, result: result, now: 12).record.state == .done)
    }

    @Test("Silence past the lease ends it; messages and heartbeats keep it")
    func expiry() throws {
        let ticket = try startAtPeer("t")
        #expect(queue.nextDeadline == 110)
        #expect(queue.expire(now: 109).leases.isEmpty)
        _ = try queue.progress(ticket, .init(current: 1, total: nil, message: ""), now: 109)
        #expect(queue.expire(now: 208).leases.isEmpty)
        queue.renew(client: "w1", now: 208)
        queue.renew(client: "w2", now: 900)
        #expect(queue.expire(now: 307).leases.isEmpty)
        let ended = queue.expire(now: 308)
        #expect(ended.transitions.map(\.kind) == [.requeued(attempt: 1, reason: .leaseExpired)])
        #expect(queue.nextDeadline == nil)
    }

    @Test("The server's own leases never expire")
    func localNeverExpires() throws {
        _ = try start("t")
        #expect(queue.expire(now: .max).leases.isEmpty)
    }

    @Test("A lost connection gives back all that it held, and nothing of others")
    func connectionLost() throws {
        _ = try startAtPeer("a")
        add("b", "gpu")
        let offer = try #require(queue.offer(to: peer, capabilities: ["gpu"], now: 10))
        add("c", "gpu")
        let other = TaskRecord.Executor(kind: .peer, client: "w2")
        _ = try #require(queue.claim(by: other, capabilities: ["gpu"], now: 10))
        let ended = queue.release(client: "w1", now: 20)
        #expect(ended.leases.map(\.task) == ["a", "b"])
        #expect(ended.transitions.map(\.record.id) == ["a"])
        #expect(ended.leases.contains(offer))
        #expect(queue.record("c")?.state == .running)
        #expect(queue.release(client: "w1", now: 20).leases.isEmpty)
    }
}
