import Domain
import Testing

/// Random verbs against a naive model; a failure names its seed.
@Suite(.timeLimit(.minutes(5)))
struct TaskQueuePropertyTests {
    /// One random life of a queue.
    private struct Life {
        var random: TaskRandom
        var queue: TaskQueue
        var model: TaskQueueModel
        var now = 1000
        var tickets: [TaskTicket] = []
        var secrets: Set<String> = []
        let seed: UInt64
        let workers: [(id: String, capabilities: Set<String>)] = [
            ("w1", ["a"]), ("w2", ["a", "b"]), ("w3", ["c"]),
        ]

        init(seed: UInt64) {
            self.seed = seed
            random = TaskRandom(seed: seed)
            let times = TaskQueue.Times(lease: 100, offer: 30)
            queue = TaskQueue(builtIn: ["scan", "long_task"], times: times)
            model = TaskQueueModel(times: times)
        }

        mutating func step() throws {
            now += Int.random(in: 0...20, using: &random)
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<5: enqueue()
            case 5..<8: try claim()
            case 8: try offer()
            case 9..<17: try useTicket()
            case 17: try cancel()
            case 18: expire()
            default: random.once(in: 4) ? leave() : renew()
            }
        }

        mutating func enqueue() {
            let names = ["scan", "long_task", "a", "b", "c", "d"]
            let name = names[Int.random(in: 0..<names.count, using: &random)]
            let sequence = model.items.count + 1
            let requires = random.once(in: 4) ? ["a", "b"] : random.once(in: 6) ? [] : [name]
            var record = TaskRecord(id: "t\(sequence)", name: name, requires: requires, created: now)
            record.priority = random.once(in: 3) ? Int.random(in: -2...2, using: &random) : 0
            record.attempts = Int.random(in: 1...3, using: &random)
            let transition = queue.enqueue(record, sequence: sequence)
            #expect(transition.kind == .created)
            model.items.append(
                .init(
                    id: record.id,
                    name: name,
                    isBuiltIn: name == "scan" || name == "long_task",
                    requires: Set(requires),
                    priority: record.priority,
                    attempts: record.attempts,
                    sequence: sequence
                )
            )
        }

        mutating func take(_ lease: TaskLease?, _ expected: Int?, isAccepted: Bool, client: String?) throws {
            guard let expected else {
                #expect(lease == nil, "seed \(seed)")
                return
            }
            let lease = try #require(lease, "seed \(seed)")
            #expect(lease.task == model.items[expected].id, "seed \(seed)")
            #expect(secrets.insert(lease.secret).inserted)
            #expect(model.items[expected].lease == nil, "two leases at once, seed \(seed)")
            model.serve(expected)
            model.items[expected].lease = (lease.secret, client, isAccepted, lease.deadline)
            if isAccepted { begin(expected) }
            tickets.append(lease.ticket)
        }

        mutating func begin(_ index: Int) {
            model.items[index].state = .running
            model.items[index].attempt += 1
            model.items[index].started += 1
            let isLocal = model.items[index].lease?.client == nil
            model.items[index].lease?.isAccepted = true
            model.items[index].lease?.deadline = isLocal ? nil : now + model.times.lease
        }

        mutating func claim() throws {
            if random.once(in: 2) {
                let expected = model.next(capabilities: nil)
                let claim = queue.claim(by: .local, now: now)
                try take(claim?.lease, expected, isAccepted: true, client: nil)
            } else {
                let worker = workers[Int.random(in: 0..<workers.count, using: &random)]
                let expected = model.next(capabilities: worker.capabilities)
                let executor = TaskRecord.Executor(kind: .peer, client: worker.id)
                let claim = queue.claim(by: executor, capabilities: worker.capabilities, now: now)
                try take(claim?.lease, expected, isAccepted: true, client: worker.id)
            }
        }

        mutating func offer() throws {
            let worker = workers[Int.random(in: 0..<workers.count, using: &random)]
            let expected = model.next(capabilities: worker.capabilities)
            let executor = TaskRecord.Executor(kind: .peer, client: worker.id)
            let lease = queue.offer(to: executor, capabilities: worker.capabilities, now: now)
            try take(lease, expected, isAccepted: false, client: worker.id)
        }

        /// Shows a ticket, good or long ended, and does what holders do.
        mutating func useTicket() throws {
            guard let ticket = tickets.randomElement(using: &random) else { return }
            let holder = model.holder(ticket)
            let isAccepted = holder.map { model.items[$0].lease?.isAccepted == true } ?? false
            let verb = Int.random(in: 0..<6, using: &random)
            let result = try TaskResult(["ok": true])
            do throws(TaskError) {
                switch verb {
                case 0: _ = try queue.accept(ticket, now: now)
                case 1: _ = try queue.progress(ticket, .init(current: 1, total: 2, message: ""), now: now)
                case 2: _ = try queue.complete(ticket, result: result, now: now)
                case 3: _ = try queue.fail(ticket, error: .init(code: "e", message: ""), retry: true, now: now)
                case 4: _ = try queue.fail(ticket, error: .init(code: "e", message: ""), retry: false, now: now)
                default: _ = try queue.release(ticket, reason: .shutdown, now: now)
                }
            } catch {
                #expect(error == .leaseLost)
                #expect(holder == nil || (!isAccepted && (1...4).contains(verb)), "seed \(seed)")
                return
            }
            let index = try #require(holder, "an ended lease was good, seed \(seed)")
            apply(verb, index, isAccepted)
        }

        private mutating func apply(_ verb: Int, _ index: Int, _ isAccepted: Bool) {
            switch verb {
            case 0, 1:
                if !isAccepted {
                    begin(index)
                } else if model.items[index].lease?.client != nil {
                    model.items[index].lease?.deadline = now + model.times.lease
                }
            case 2:
                model.items[index].lease = nil
                model.items[index].state = model.items[index].isCancelling ? .cancelled : .done
                if model.items[index].state == .done { model.items[index].timesDone += 1 }
            case 3: model.endAttempt(index)
            case 4: model.endAttempt(index, retry: false)
            default:
                if isAccepted { model.endAttempt(index, costs: false) } else { model.items[index].lease = nil }
            }
        }

        mutating func cancel() throws {
            guard let item = model.items.randomElement(using: &random), let index = model.index(item.id) else { return }
            do throws(TaskError) {
                _ = try queue.cancel(item.id, now: now)
                #expect(!item.state.isFinal, "seed \(seed)")
            } catch {
                #expect(error == .unknownTask && item.state.isFinal, "seed \(seed)")
                return
            }
            if let lease = item.lease, lease.isAccepted, lease.client == nil {
                model.items[index].isCancelling = true
            } else {
                model.items[index].state = .cancelled
                model.items[index].lease = nil
            }
        }

        mutating func expire() {
            _ = queue.expire(now: now)
            model.expire(now)
        }

        mutating func leave() {
            let worker = workers[Int.random(in: 0..<workers.count, using: &random)].id
            _ = queue.release(client: worker, now: now)
            for index in model.items.indices where model.items[index].lease?.client == worker { model.lose(index) }
        }

        mutating func renew() {
            let worker = workers[Int.random(in: 0..<workers.count, using: &random)].id
            queue.renew(client: worker, now: now)
            for index in model.items.indices {
                guard let lease = model.items[index].lease, lease.client == worker, lease.isAccepted else { continue }
                model.items[index].lease?.deadline = now + model.times.lease
            }
        }

        func check() {
            for state in TaskRecord.State.allCases {
                #expect(queue.counts[state] == model.count(state), "\(state), seed \(seed)")
            }
            for item in model.items {
                guard !item.state.isFinal else {
                    #expect(queue.record(item.id) == nil, "seed \(seed)")
                    continue
                }
                #expect(queue.record(item.id)?.state == item.state, "\(item.id), seed \(seed)")
                #expect(queue.record(item.id)?.attempt == item.attempt, "\(item.id), seed \(seed)")
                #expect(queue.lease(item.id)?.secret == item.lease?.secret, "\(item.id), seed \(seed)")
                #expect(queue.lease(item.id)?.deadline == item.lease?.deadline, "\(item.id), seed \(seed)")
            }
            for item in model.items {
                #expect(item.timesDone <= 1, "seed \(seed)")
                #expect(item.started - item.free <= item.attempts, "seed \(seed)")
            }
        }
    }

    @Test("The queue does what a naive list would do", arguments: 0..<12)
    func againstModel(run: Int) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("TaskQueue against its model, run \(run): seed \(seed)")
        var life = Life(seed: seed)
        for step in 0..<600 {
            try life.step()
            if step.isMultiple(of: 20) { life.check() }
        }
        life.check()
    }

    @Test("A rollback leaves no trace", arguments: 0..<8)
    func rollback(run: Int) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("TaskQueue rollback, run \(run): seed \(seed)")
        var life = Life(seed: seed)
        for _ in 0..<150 { try life.step() }
        for _ in 0..<20 {
            var before = life
            before.queue.checkpoint()
            var after = before
            for _ in 0..<30 { try after.step() }
            after.queue.rollback()
            life.queue = after.queue
            life.check()
            for _ in 0..<10 { try life.step() }
            life.check()
        }
    }
}
