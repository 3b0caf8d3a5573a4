import Domain
import OrderedCollections
import Synchronization
import Testing

@testable import Realtime

/// Three servers on a queue that loses messages, cuts connections and outlives processes; whatever happens, in the end
/// each shows what the others really do, and nobody was told anything twice.
@Suite("Servers that share what goes on")
struct ClusterModelTests {
    private static let names = ["a", "b", "c"]

    /// What one server really does.
    private struct Truth {
        var clients: [String: ClientRecord] = [:]
        var tasks: [String: TaskRecord] = [:]
        var relays: [String: [String: JSON]] = [:]
        var life = 1
    }

    private final class World {
        let bus = FakeQueue()
        var random: SeededGenerator
        var nodes: [QueueNode] = []
        var witnesses: [Witness] = []
        var truths = [Truth](repeating: Truth(), count: names.count)
        var counter = 0
        var isSteady: [Bool]
        /// Whose each port of the queue is.
        var owners: [Int: String] = [:]

        init(seed: UInt64) {
            random = SeededGenerator(seed: seed)
            isSteady = names.map { _ in true }
            for index in names.indices { begin(index, isFirst: true) }
            nodes.run()
        }

        private func begin(_ index: Int, isFirst: Bool) {
            let node = QueueNode(names[index], on: bus, life: truths[index].life)
            owners[node.port.index] = node.host
            let witness = Witness()
            node.journal.listen { witness.take($0) }
            if isFirst {
                nodes.append(node)
                witnesses.append(witness)
            } else {
                nodes[index] = node
                witnesses[index] = witness
            }
        }

        func id(_ prefix: String) -> String {
            counter += 1
            return "\(prefix)\(counter)"
        }

        // MARK: - What servers do

        func act() {
            let index = Int.random(in: 0..<nodes.count, using: &random)
            switch Int.random(in: 0..<20, using: &random) {
            case 0...3: clients(index)
            case 4...10: tasks(index)
            case 11...13: relays(index)
            case 14: toggle(index)
            case 15: lose()
            case 16: if random.chance(4) { restart(index) }
            case 17: nodes.advance(.random(in: 100...3_000, using: &random) / 100 * 100)
            case 18: if random.chance(4) { nodes.advance(20_000) }
            default: nodes.run()
            }
        }

        private func clients(_ index: Int) {
            let journal = nodes[index].journal
            if let id = truths[index].clients.keys.sorted().randomElement(using: &random), !random.chance(3) {
                if random.chance(2) {
                    truths[index].clients[id] = nil
                    journal.publish(.clientLeft(id: id))
                } else if var client = truths[index].clients[id] {
                    client.name = self.id("name")
                    truths[index].clients[id] = client
                    journal.publish(.clientChanged(client))
                }
                return
            }
            let client = ClientRecord(
                id: id("client"),
                kind: .dashboard,
                transport: .sse,
                protocol: "sse",
                role: .viewer,
                since: counter,
                address: "192.0.2.1"
            )
            truths[index].clients[client.id] = client
            journal.publish(.clientJoined(client))
        }

        private func tasks(_ index: Int) {
            let journal = nodes[index].journal
            let unfinished = truths[index].tasks.values.filter { !$0.state.isFinal }.map(\.id).sorted()
            guard let id = unfinished.randomElement(using: &random), !random.chance(4),
                var task = truths[index].tasks[id]
            else {
                let task = TaskRecord(id: id("task"), name: "n", params: ["p": .int(Int64(counter))], created: counter)
                truths[index].tasks[task.id] = task
                journal.publish(.taskCreated(task))
                return
            }
            if task.state == .queued {
                if random.chance(3) {
                    task.waiting = self.id("waiting")
                    journal.publish(.taskWaiting(task))
                } else {
                    task.state = .running
                    task.attempt += 1
                    task.waiting = nil
                    task.started = counter
                    task.executor = .local
                    journal.publish(.taskStarted(task))
                }
            } else {
                switch Int.random(in: 0..<6, using: &random) {
                case 0:
                    let attempt = task.attempt
                    task = Self.queued(task)
                    journal.publish(.taskRequeued(task, attempt: attempt, reason: .workerGone))
                case 1:
                    task.state = .done
                    task.result = 7
                    task.finished = counter
                    journal.publish(.taskFinished(task))
                case 2:
                    let line = TaskLogLine(at: counter, level: .info, message: self.id("line"))
                    journal.publish(.taskLog(task: id, line: line))
                default:
                    task.progress = TaskRecord.Progress(current: counter, total: nil, message: "")
                    journal.publish(.taskProgress(task))
                    counter += 1
                }
            }
            truths[index].tasks[id] = task
        }

        private static func queued(_ task: TaskRecord) -> TaskRecord {
            var task = task
            task.state = .queued
            task.progress = nil
            task.executor = nil
            task.started = nil
            return task
        }

        /// VFrame's workers, which speak for themselves.
        private func relays(_ index: Int) {
            let known = truths[index].relays.keys.sorted()
            guard let uuid = known.randomElement(using: &random), !random.chance(3) else {
                let uuid = id("relay")
                truths[index].relays[uuid] = [:]
                return relay(index, "task_start", ["uuid": .string(uuid)])
            }
            if random.chance(4) {
                truths[index].relays[uuid] = nil
                return relay(index, "task_end", ["uuid": .string(uuid)])
            }
            let type = ["progress", "debug"].randomElement(using: &random) ?? "debug"
            counter += 1
            let data = JSON.int(Int64(counter))
            truths[index].relays[uuid]?[type] = data
            relay(index, "task_update", ["uuid": .string(uuid), "type": .string(type), "data": data])
        }

        private func relay(_ index: Int, _ event: String, _ argument: JSON) {
            nodes[index].journal.publish(
                .roomMessage(
                    RoomMessage(room: RoomMessage.taskRoom, event: event, arguments: [argument], sender: names[index])
                )
            )
        }

        // MARK: - What goes wrong

        private func toggle(_ index: Int) {
            isSteady[index].toggle()
            nodes[index].port.set(connected: isSteady[index])
        }

        private func lose() {
            guard random.chance(3) else { return bus.lose(nil) }
            let lossy = Mutex(SeededGenerator(seed: random.next()))
            bus.lose { _, _ in lossy.withLock { $0.chance(4) } }
        }

        /// The process dies without a word; the next one has the tasks but none of the clients.
        private func restart(_ index: Int) {
            nodes[index].port.set(connected: false)
            truths[index].life += 1
            truths[index].clients = [:]
            truths[index].relays = [:]
            for (id, task) in truths[index].tasks {
                if task.state.isFinal {
                    truths[index].tasks[id] = nil
                } else if task.state == .running {
                    truths[index].tasks[id] = Self.queued(task)
                }
            }
            begin(index, isFirst: false)
            isSteady[index] = true
            let tasks = truths[index].tasks.values.sorted { $0.id < $1.id }
            nodes[index].journal.load { $0.tasks.load(unfinished: tasks, finished: [], counts: TaskCounts()) }
        }

        func settle() {
            bus.lose(nil)
            for (index, node) in nodes.enumerated() where !isSteady[index] { node.port.set(connected: true) }
            nodes.run()
            nodes.advance(25_000)
        }

        // MARK: - What must be

        func check(_ seed: UInt64) {
            for (here, node) in nodes.enumerated() {
                node.journal.read { state in
                    for (there, truth) in truths.enumerated() {
                        let server = there == here ? nil : names[there]
                        let label: Comment = "seed \(seed): \(names[here]) of \(names[there])"
                        let clients = state.clients.clients.filter { $0.server == server }
                        #expect(
                            clients.map { client in with(client) { $0.server = nil } }
                                == truth.clients.values.sorted { ($0.since, $0.id) < ($1.since, $1.id) },
                            label
                        )
                        let (running, queued) = state.tasks.unfinished(of: server, limit: .max)
                        let tasks = (running + queued).map { task in
                            with(task) {
                                $0.server = nil
                                $0.isRelayed = false
                            }
                        }
                        #expect(
                            tasks.sorted { $0.id < $1.id }
                                == truth.tasks.values.filter { !$0.state.isFinal }.sorted { $0.id < $1.id },
                            label
                        )
                        // Of the tasks that run here Socket.IO clients hear without the board, elsewhere by it.
                        var relays = truth.relays
                        if there != here {
                            for task in truth.tasks.values where task.state == .running {
                                relays[task.id] = task.progress.map { ["progress": $0.json] } ?? [:]
                            }
                        }
                        let origin = there == here ? nil : nodes[there].host
                        var shown: [String: [String: JSON]] = [:]
                        for (uuid, said) in state.relays.tasks where state.relays.origins[uuid] == origin {
                            shown[uuid] = Dictionary(uniqueKeysWithValues: said.map { ($0, $1) })
                            // A log line is told where it is heard, and forgotten where it was missed.
                            if there != here, truth.tasks[uuid] != nil { shown[uuid]?["debug"] = nil }
                        }
                        #expect(shown == relays, label)
                    }
                }
                #expect(witnesses[here].complaints == [], "seed \(seed) at \(names[here])")
            }
        }

        private func with<Value>(_ value: Value, _ change: (inout Value) -> Void) -> Value {
            var value = value
            change(&value)
            return value
        }
    }

    /// Watches what a server tells its clients: nothing twice, nothing of what is not there.
    private final class Witness: Sendable {
        private struct State {
            var clients: Set<String> = []
            var tasks: [String: TaskRecord.State] = [:]
            var finished: Set<String> = []
            var complaints: [String] = []
        }

        private let state = Mutex(State())
        var complaints: [String] { state.withLock { $0.complaints } }

        func take(_ entry: Journal.Entry) {
            state.withLock { state in
                switch entry.event {
                case .clientJoined(let client):
                    if !state.clients.insert(client.id).inserted {
                        state.complaints.append("\(client.id) joined twice")
                    }
                case .clientLeft(let id):
                    if state.clients.remove(id) == nil { state.complaints.append("\(id) left unseen") }
                case .clientChanged(let client):
                    if !state.clients.contains(client.id) { state.complaints.append("\(client.id) changed unseen") }
                case .taskCreated(let task):
                    if state.tasks[task.id] != nil { state.complaints.append("\(task.id) created twice") }
                    state.tasks[task.id] = .queued
                case .taskStarted(let task): move(task, from: .queued, to: .running, entry, &state)
                case .taskRequeued(let task, attempt: _, reason: _):
                    move(task, from: .running, to: .queued, entry, &state)
                case .taskProgress(let task): move(task, from: .running, to: .running, entry, &state)
                case .taskFinished(let task):
                    if !state.finished.insert(task.id).inserted { state.complaints.append("\(task.id) ended twice") }
                    state.tasks[task.id] = task.state
                default: break
                }
            }
        }

        private func move(
            _ task: TaskRecord,
            from old: TaskRecord.State,
            to new: TaskRecord.State,
            _ entry: Journal.Entry,
            _ state: inout State
        ) {
            // What the store remembers was not seen.
            guard let known = state.tasks[task.id] ?? (entry.origin == nil ? old : nil), known == old else {
                state.complaints.append(
                    "\(entry.event.type) of \(task.id), which is \(String(describing: state.tasks[task.id]))"
                )
                return
            }
            state.tasks[task.id] = new
        }
    }

    @Test("boards agree after any partitions, losses and restarts, and no event comes twice", arguments: 1...100)
    func agreement(seed: UInt64) {
        let world = World(seed: seed)
        for _ in 0..<120 { world.act() }
        world.settle()
        world.check(seed)
        // Nobody repeats what it has heard: quiet servers send beats alone.
        _ = world.bus.takePublished()
        world.nodes.advance(10_000)
        let said = world.bus.takePublished().compactMap { try? QueueMessage($0.message) }
        let events = said.map { message in if case .emit(let emit) = message.body { emit.event } else { "?" } }
        #expect(Set(events) == ["beat"], "seed \(seed)")
        #expect(events.count == 6, "seed \(seed)")
    }

    @Test("what a server says on the queue happened there", arguments: 1...20)
    func noEcho(seed: UInt64) {
        let world = World(seed: seed)
        for _ in 0..<80 { world.act() }
        world.settle()
        for (port, _, bytes) in world.bus.takePublished() {
            guard let message = try? QueueMessage(bytes), case .emit(let emit) = message.body else {
                Issue.record("seed \(seed): not an event")
                continue
            }
            #expect(message.host == world.owners[port], "seed \(seed)")
            if let word = ClusterMessage(emit), case .changes(let changes) = word.body {
                for change in changes {
                    if case .client(let client) = change { #expect(client.server == nil, "seed \(seed)") }
                    if case .task(let task, _) = change { #expect(task.server == nil, "seed \(seed)") }
                }
            }
        }
    }
}
