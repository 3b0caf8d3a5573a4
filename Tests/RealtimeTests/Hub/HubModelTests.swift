import Domain
import Testing

@testable import Realtime

/// The hub against a naive one: random publishers, readers, stalls and disconnects over several loops (G1 to G7).
struct HubModelTests {
    private static let seeds: [UInt64] = Array(1...24)
    private static let historyLimit = 150

    /// One client with what connects it at the moment.
    private final class Member {
        let model = ModelClient(historyLimit: historyLimit)
        /// What it subscribes to is chosen from these; the topics of one unit go together.
        let units: [[String]]
        let compression: PerMessageDeflate.Agreed?
        /// Whether its link refuses bytes at times.
        let isUnsteady: Bool
        var client: ScriptedClient?
        var loop = 0

        init(units: [[String]], compression: PerMessageDeflate.Agreed?, isUnsteady: Bool) {
            self.isUnsteady = isUnsteady
            self.units = units
            self.compression = compression
        }
    }

    private final class World {
        let test: TestHub
        var random: SeededGenerator
        var naive = NaiveHub()
        var members: [Member] = []
        var task = TaskRecord(id: "t", name: "long_task", created: 0)
        var counter = 0

        init(seed: UInt64) {
            random = SeededGenerator(seed: seed)
            test = TestHub(loops: 3) {
                $0.historyEvents = historyLimit
                $0.queueEvents = 12
                $0.messageRate = 1_000_000
            }
            task.state = .running
            task.attempt = 1
            note(test.journal.publish(.taskCreated(task)), .taskCreated(task), "")
            for index in 0..<6 {
                let tasks = [["tasks", "task/t"], ["tasks"], ["task/t"]][index % 3]
                members.append(
                    Member(
                        units: [["app/a"], ["app/b"], ["app/c"], tasks],
                        compression: index % 2 == 0
                            ? nil
                            : PerMessageDeflate.Agreed(serverNoContextTakeover: true, clientNoContextTakeover: true),
                        isUnsteady: index != 5
                    )
                )
            }
        }

        private func note(_ offset: Int, _ event: Event, _ mark: String) {
            naive.note(offset, event, mark: mark)
        }

        func publish() {
            counter += 1
            let event: Event
            var mark = "m\(counter)"
            // Some are long enough to be compressed.
            if random.chance(4) { mark += String(repeating: "-", count: 400) }
            switch Int.random(in: 0..<6, using: &random) {
            case 0:
                event = .taskLog(task: "t", line: TaskLogLine(at: 0, level: .info, message: mark))
            case 1:
                mark = "\(counter)"
                task.progress = TaskRecord.Progress(current: counter, total: nil, message: "")
                event = .taskProgress(task)
            default:
                let name = ["a", "b", "c"].randomElement(using: &random) ?? "a"
                let key = random.chance(2) ? ["k1", "k2"].randomElement(using: &random) : nil
                event = .appMessage(name: name, from: "x", data: .string(mark), key: key)
            }
            note(test.journal.publish(event), event, mark)
        }

        // MARK: - Clients

        func connect(_ member: Member) throws {
            member.loop = Int.random(in: 0..<3, using: &random)
            let slot = try #require(test.hub.admit())
            let session = NativeSession(
                shard: test.hub.shards[member.loop],
                tasks: test.tasks,
                role: .admin,
                compression: member.compression,
                slot: slot
            )
            let link = RecordingLink()
            if member.isUnsteady { disturb(link, of: member) }
            member.client = ScriptedClient(
                session,
                loop: test.loops[member.loop],
                link: link,
                compression: member.compression
            )
            if let offset = member.model.remembered, !member.model.known.isEmpty {
                let topics = member.model.known.keys.sorted()
                say(member, member.model.subscribe(topics, since: ResumePoint(epoch: "e1", offset: offset)))
            }
        }

        private func disturb(_ link: RecordingLink, of member: Member) {
            link.onWrite = { [unowned self, unowned link, unowned member] in
                if random.chance(12) { stall(link, member) }
            }
            link.onFlush = { [unowned self, unowned link, unowned member] in
                // The socket takes everything in the middle of a flush, or nothing.
                link.isDrainedByFlush = random.chance(2)
                if link.isDrainedByFlush { link.capacity = Int.random(in: 1...3_000, using: &random) }
                member.model.hasStalled = true
            }
        }

        private func stall(_ link: RecordingLink, _ member: Member) {
            link.capacity = 0
            link.isDrainedByFlush = false
            member.model.hasStalled = true
        }

        /// Without running the loop: what follows is interleaved with the other jobs.
        private func say(_ member: Member, _ text: String) {
            guard let client = member.client else { return }
            client.session.receive(client.frames.encode(text))
        }

        func hear(_ member: Member) {
            guard let client = member.client else { return }
            for message in client.take() {
                member.model.hear(message, naive: naive, journalOffset: test.offset)
            }
        }

        func disconnect(_ member: Member) {
            guard let client = member.client else { return }
            // What is on its way may arrive or not.
            if random.chance(2) { hear(member) }
            member.client = nil
            client.session.closed()
            member.model.disconnected()
        }

        func act(_ member: Member) throws {
            guard let client = member.client else {
                if random.chance(3) { try connect(member) }
                return
            }
            switch Int.random(in: 0..<12, using: &random) {
            case 0, 1:
                let units = member.units.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random))
                say(member, member.model.subscribe(units.flatMap { $0 }))
            case 2:
                if let unit = member.units.randomElement(using: &random) { say(member, member.model.unsubscribe(unit)) }
            case 3: if member.isUnsteady { stall(client.link, member) }
            case 4 where member.isUnsteady, 5 where member.isUnsteady:
                client.link.capacity = random.chance(2) ? .max : Int.random(in: 1...2_000, using: &random)
                client.link.isDrainedByFlush = true
                client.link.drain()
            case 6: if random.chance(3) { disconnect(member) }
            default: hear(member)
            }
        }

        func settle() {
            for member in members {
                if member.client == nil { try? connect(member) }
            }
            for _ in 0..<3 {
                test.run()
                for member in members {
                    member.client?.link.onWrite = nil
                    member.client?.link.onFlush = nil
                    member.client?.link.release()
                }
                test.run()
            }
            for member in members { hear(member) }
        }
    }

    @Test("no gap, no repeat, growing order, right snapshots, and resync only when it is due", arguments: seeds)
    func agreesWithTheNaiveHub(seed: UInt64) throws {
        let world = World(seed: seed)
        for _ in 0..<700 {
            switch Int.random(in: 0..<10, using: &world.random) {
            case 0...2: world.publish()
            case 3: for _ in 0..<Int.random(in: 1...25, using: &world.random) { world.publish() }
            case 4...6: world.test.loops.randomElement(using: &world.random)?.step()
            default: if let member = world.members.randomElement(using: &world.random) { try world.act(member) }
            }
        }
        world.settle()
        for (index, member) in world.members.enumerated() {
            member.model.checkComplete(world.naive)
            #expect(member.model.faults.isEmpty, "seed \(seed), client \(index): \(member.model.faults.prefix(3))")
            #expect(member.client?.frames.isBroken == false, "seed \(seed), client \(index)")
        }
    }
}
