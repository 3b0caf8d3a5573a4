import Testing

@testable import Domain

/// Random workers against a naive model: who is offered what, what tasks say, and what rolling back leaves.
struct WorkerPropertyTests {
    struct Life {
        var queue: TaskQueue
        var board = TaskBoard()
        var model = WorkerModel()
        var random: TaskRandom
        var now = 1000
        var tickets: [TaskTicket] = []
        let seed: UInt64
        static let times = TaskQueue.Times(lease: 100, offer: 30)

        init(seed: UInt64) {
            self.seed = seed
            random = TaskRandom(seed: seed)
            queue = TaskQueue(builtIn: ["scan"], times: Self.times)
            board.load(unfinished: [], finished: [], counts: TaskCounts(), builtIn: ["scan"])
        }

        mutating func publish(_ transitions: [TaskTransition?]) {
            for event in transitions.compactMap({ $0?.event }) { board.apply(event) }
        }

        mutating func step() throws {
            now += Int.random(in: 0...15, using: &random)
            switch Int.random(in: 0..<16, using: &random) {
            case 0..<5: enqueue()
            case 5: join()
            case 6: leave()
            case 7: try cancel()
            case 8: expire()
            default: try say()
            }
            let expected = model.assign()
            let offers = queue.assign(now: now)
            #expect(offers.map { "\($0.lease.holder ?? ""): \($0.record.id)" } == expected, "seed \(seed)")
            for offer in offers {
                tickets.append(offer.lease.ticket)
                if let index = model.index(offer.record.id) { model.items[index].deadline = offer.lease.deadline }
            }
            for event in queue.settle() { board.apply(event) }
            check()
        }

        mutating func enqueue() {
            let name = ["a", "b", "c", "scan"].randomElement(using: &random) ?? "a"
            let requires = [["x"], ["x"], ["y"], ["x", "y"], []].randomElement(using: &random) ?? []
            let sequence = model.items.count + 1
            let priority = random.once(in: 4) ? 1 : 0
            let record = TaskRecord(
                id: "t\(sequence)",
                name: name,
                priority: priority,
                attempts: 99,
                requires: requires,
                created: now
            )
            publish([queue.enqueue(record, sequence: sequence)])
            model.items.append(
                .init(
                    id: record.id,
                    name: name,
                    requires: Set(requires),
                    isBuiltIn: name == "scan",
                    priority: priority,
                    sequence: sequence
                )
            )
        }

        mutating func join() {
            let id = "w\(Int.random(in: 0..<5, using: &random))"
            guard model.worker(id) == nil else { return }
            let capabilities = [["x"], ["y"], ["x", "y", "z"]].randomElement(using: &random).map(Set.init) ?? []
            let slots = Int.random(in: 0...3, using: &random)
            queue.join(
                WorkerProfile(
                    client: id,
                    executor: .init(kind: .peer, client: id),
                    capabilities: capabilities,
                    slots: slots
                )
            )
            model.joined += 1
            model.workers.append(.init(id: id, capabilities: capabilities, slots: slots, number: model.joined))
        }

        mutating func leave() {
            guard let worker = model.workers.randomElement(using: &random)?.id else { return }
            publish(queue.release(client: worker, now: now).transitions)
            for index in model.items.indices where model.items[index].holder == worker {
                model.end(index, isQueued: true)
            }
            model.workers.removeAll { $0.id == worker }
        }

        mutating func cancel() throws {
            guard let index = model.items.indices.randomElement(using: &random), !model.items[index].isFinal else {
                return
            }
            let item = model.items[index]
            let (transition, lease) = try queue.cancel(item.id, now: now)
            publish([transition])
            #expect(lease?.holder == item.holder, "seed \(seed)")
            if let worker = model.worker(item.holder) { model.workers[worker].stopping[item.id] = lease?.deadline ?? 0 }
            model.end(index, isQueued: false)
        }

        mutating func expire() {
            publish(queue.expire(now: now).transitions)
            for index in model.items.indices {
                guard let deadline = model.items[index].deadline, deadline <= now else { continue }
                if !model.items[index].isAccepted, let worker = model.worker(model.items[index].holder) {
                    model.workers[worker].pauses[model.items[index].requires] = now + Self.times.pause
                }
                model.end(index, isQueued: true)
            }
            for worker in model.workers.indices {
                model.workers[worker].pauses = model.workers[worker].pauses.filter { $0.value > now }
                model.workers[worker].stopping = model.workers[worker].stopping.filter { $0.value > now }
            }
        }

        /// Says something with a ticket, most likely a recent one.
        mutating func say() throws {
            guard let ticket = random.once(in: 3) ? tickets.randomElement(using: &random) : tickets.last else { return }
            let index = try #require(model.index(ticket.task))
            let isHeld = queue.lease(ticket.task)?.secret == ticket.lease
            let worker = model.worker(ticket.client)
            let isStopping = worker.map { model.workers[$0].stopping[ticket.task] != nil } ?? false
            #expect(!isHeld || model.items[index].holder == ticket.client, "seed \(seed)")
            let isAccepted = isHeld && model.items[index].isAccepted
            switch Int.random(in: 0..<5, using: &random) {
            case 0, 1:
                publish([(try? queue.accept(ticket, now: now)) ?? nil])
                guard isHeld else { return }
                model.items[index].isAccepted = true
                model.items[index].isQueued = false
                model.items[index].deadline = now + Self.times.lease
            case 2:
                publish([try? queue.complete(ticket, result: TaskResult(1), now: now)])
                if isAccepted { model.end(index, isQueued: false) }
            case 3:
                publish([(try? queue.reject(ticket, reason: nil, now: now)) ?? nil])
                guard isHeld else { return }
                if !isAccepted, let worker {
                    model.workers[worker].pauses[model.items[index].requires] = now + Self.times.pause
                }
                model.end(index, isQueued: true)
            default:
                // Only the very lease that was cancelled frees its slot.
                if queue.stopped(ticket), let worker {
                    #expect(isStopping, "seed \(seed)")
                    model.workers[worker].stopping[ticket.task] = nil
                }
            }
        }

        func check() {
            for item in model.items where !item.isFinal {
                let record = queue.record(item.id)
                #expect(record?.state == (item.isQueued ? .queued : .running), "\(item.id), seed \(seed)")
                #expect(record?.waiting == model.reason(item), "\(item.id), seed \(seed)")
                #expect(board.task(item.id)?.waiting == record?.waiting, "\(item.id) on the board, seed \(seed)")
                #expect(board.task(item.id)?.state == record?.state, "\(item.id) on the board, seed \(seed)")
            }
            for worker in model.workers {
                #expect(queue.status(of: worker.id)?.busy == model.busy(worker), "\(worker.id), seed \(seed)")
            }
        }
    }

    @Test("Workers get what a naive list would give them, and tasks say the truth", arguments: 0..<12)
    func againstModel(run: Int) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("Workers against their model, run \(run): seed \(seed)")
        var life = Life(seed: seed)
        for _ in 0..<250 { try life.step() }
    }

    @Test("A batch that is rolled back leaves workers, turns and reasons as they were", arguments: 0..<8)
    func rollback(run: Int) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("Workers rolled back, run \(run): seed \(seed)")
        var life = Life(seed: seed)
        for _ in 0..<60 { try life.step() }
        for _ in 0..<15 {
            life.queue.checkpoint()
            var after = life
            for _ in 0..<12 { try after.step() }
            after.queue.rollback()
            life.queue = after.queue
            #expect(life.queue.settle().isEmpty, "what was told still holds, seed \(seed)")
            life.check()
            for _ in 0..<8 { try life.step() }
        }
    }
}
