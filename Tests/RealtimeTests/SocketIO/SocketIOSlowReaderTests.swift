import Domain
import OrderedCollections
import Testing

@testable import Realtime

/// Readers that do not keep up (contracts/realtime.md §3, G7), and that nothing is missing or told twice (G1).
struct SocketIOSlowReaderTests {
    @Test("a slow reader that follows tasks gets its table anew", arguments: [EngineIOVersion.v3, .v4])
    func table(_ version: EngineIOVersion) throws {
        let test = VFrameHub { $0.queueEvents = 5 }
        let client = try test.connect(version)
        client.join("/client")
        _ = client.take()
        let worker = try test.connect()
        client.link.stall()
        worker.emit("task_start", ["uuid": "t"])
        for number in 0..<20 as Range<Int64> {
            worker.emit("task_update", ["uuid": "t", "type": "debug", "data": .int(number)])
        }
        client.emit("pingpong")
        test.hub.run()
        #expect(client.take() == [])
        client.link.release()
        #expect(
            client.take() == [#"pingpong {"type":"PING PONG!!!"}"#, #"list_tasks {"tasks":{"t":{"debug":19}}}"#]
        )
        worker.client.disconnect()
        test.hub.run()
        #expect(client.take() == [#"task_end {"uuid":"t"}"#])
        #expect(!client.link.isClosed)
        #expect(test.hub.hub.statistics.slowReaders == 1)
    }

    @Test("all its rooms that have a state are told anew, each in its own way")
    func topics() throws {
        let test = VFrameHub { $0.queueEvents = 5 }
        let client = try test.connect()
        client.join("app/x")
        client.join("/client")
        client.link.stall()
        _ = client.take()
        for number in 0..<10 as Range<Int64> { test.hub.say("x", .int(number), key: "k\(number % 7)") }
        test.hub.run()
        client.join("library")
        client.link.release()
        let events = client.takeEvents()
        #expect(events.map(\.name) == ["snapshot", "list_tasks", "snapshot"])
        #expect(events[0].data["state"]?["values"]?.object?.count == 7)
        #expect(events[2].data["topic"] == "library")
        test.hub.say("x", 99)
        test.hub.run()
        #expect(client.takeNames() == ["app.message"])
    }

    @Test(
        "who has lost a message that cannot be told again is disconnected when it reads again",
        arguments: ["r", nil, "own", "/client"] as [String?]
    )
    func lostMessages(_ room: String?) throws {
        let test = VFrameHub { $0.queueEvents = 5 }
        let client = try test.connect()
        client.join("/client")
        client.join("r")
        client.link.stall()
        let room = room == "own" ? client.sid : room
        for number in 0..<10 as Range<Int64> { test.say(number, room: room) }
        test.hub.run()
        #expect(!client.link.isClosed)
        client.link.release()
        #expect(client.link.isClosed)
        test.hub.run()
        #expect(test.clients.isEmpty)
    }

    @Test("a message that came when events were lost already counts as lost")
    func lostLater() throws {
        let test = VFrameHub { $0.queueEvents = 5 }
        let client = try test.connect()
        client.join("/client")
        client.join("r")
        client.link.stall()
        let worker = try test.connect()
        for number in 0..<10 as Range<Int64> { worker.emit("task_start", ["uuid": .string("t\(number)")]) }
        test.hub.run()
        test.say(1, room: "r")
        test.hub.run()
        client.link.release()
        #expect(client.link.isClosed)
    }

    @Test("messages to one client, and questions to it, do not pile up when it does not read")
    func directMessages() throws {
        let test = VFrameHub()
        let client = try test.connect()
        client.link.stall()
        let long = JSON.string(String(repeating: "x", count: 100_000))
        let session = try #require(
            test.hub.hub.shards[0].sessions.values.lazy.compactMap { $0.session as? SocketIOSession }.first
        )
        for _ in 0..<50 {
            _ = test.hub.hub.send(event: long, toClient: client.userid)
            test.hub.run()
            session.ask("q", [long], attachments: [], in: "/") { _ in }
        }
        #expect(session.subscriber.unreadAnswers < 500_000)
    }

    @Test("a message behind the event that was one too many, in the same burst, is known to be lost")
    func lostInBurst() throws {
        let test = VFrameHub { $0.queueEvents = 5 }
        let client = try test.connect()
        client.join("/client")
        client.join("r")
        _ = client.take()
        client.link.stall()
        for number in 0..<6 {
            var task = TaskRecord(id: "t\(number)", name: "n", created: 1)
            task.state = .running
            test.hub.journal.publish(.taskStarted(task))
        }
        test.say(1, room: "r")
        test.hub.run()
        client.link.release()
        #expect(client.link.isClosed)
    }

    @Test("who is in a room and lost none of its messages stays; nor does one count that leaves it out")
    func keptMessages() throws {
        let test = VFrameHub { $0.queueEvents = 5 }
        let client = try test.connect()
        client.join("/client")
        client.join("r")
        _ = client.take()
        client.link.stall()
        let worker = try test.connect()
        for number in 0..<10 as Range<Int64> { worker.emit("task_start", ["uuid": .string("t\(number)")]) }
        test.hub.run()
        test.say(1, room: "r", skipping: [client.sid])
        test.say(2, room: "elsewhere")
        test.hub.run()
        client.link.release()
        #expect(!client.link.isClosed)
        #expect(client.takeNames() == ["list_tasks"])
    }

    @Test("a task is looked for in the store before a slow reader is told anew, once")
    func store() async throws {
        let tasks = FakeTasks()
        let test = VFrameHub(tasks: tasks) { $0.queueEvents = 5 }
        let client = try test.connect()
        client.join("app/x")
        client.join("task/old")
        await tasks.waitForCall()
        tasks.answer(nil)
        await test.hub.loop.runNext()
        _ = client.take()
        client.link.stall()
        for number in 0..<10 as Range<Int64> { test.hub.say("x", .int(number)) }
        test.hub.run()
        client.link.release()
        client.emit("pingpong")
        #expect(client.takeNames() == ["pingpong"])
        await tasks.waitForCall()
        tasks.answer(nil)
        await test.hub.loop.runNext()
        #expect(client.takeNames() == ["snapshot", "snapshot"])
        #expect(tasks.calls.count == 2)
    }

    // MARK: - Nothing missing, nothing twice

    /// VFrame's front-end: what it makes of the events.
    private struct Table {
        var tasks: [String: [String: JSON]] = [:]
        var isBroken = false

        mutating func apply(_ name: String, _ data: JSON) {
            switch name {
            case "list_tasks":
                tasks = [:]
                for (uuid, said) in data["tasks"]?.object ?? [:] {
                    tasks[uuid] = Dictionary(uniqueKeysWithValues: (said.object ?? [:]).map { ($0.key, $0.value) })
                }
            case "task_start":
                guard let uuid = data["uuid"]?.string else { return }
                tasks[uuid] = [:]
            case "task_update":
                guard let uuid = data["uuid"]?.string, let type = data["type"]?.string else { return }
                if tasks[uuid] == nil { isBroken = true }
                tasks[uuid]?[type] = data["data"] ?? .null
            case "task_end":
                guard let uuid = data["uuid"]?.string else { return }
                if tasks.removeValue(forKey: uuid) == nil { isBroken = true }
            default: break
            }
        }
    }

    @Test(
        "whenever they join and however slowly they read, the tables of all who watch are right in the end",
        arguments: 1...30 as ClosedRange<UInt64>
    )
    func tables(seed: UInt64) throws {
        print("seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        let test = VFrameHub(loops: 2) { $0.queueEvents = 8 }
        var watchers: [(client: VFrameClient, table: Table)] = []
        for index in 0..<4 { watchers.append((try test.connect(index % 2 == 0 ? .v3 : .v4, on: index % 2), Table())) }
        var workers: [VFrameClient] = []
        var own: [TaskRecord] = []
        for step in 0..<300 {
            let watcher = watchers[Int.random(in: 0..<4, using: &generator)].client
            switch Int.random(in: 0..<12, using: &generator) {
            case 0: watcher.client.say(#"2["join",{"room":"/client"}]"#)
            case 1: if watcher.link.capacity > 0 { watcher.link.stall() } else { watcher.link.release() }
            case 2: workers.append(try test.connect())
            case 3: if !workers.isEmpty { workers.removeLast().client.disconnect() }
            case 4, 5:
                workers.randomElement(using: &generator)?.client.say(#"2["task_start",{"uuid":"t\#(step % 5)"}]"#)
            case 6, 7, 8:
                let uuids = test.hub.journal.read { Array($0.relays.tasks.keys) }
                guard let uuid = uuids.randomElement(using: &generator) else { continue }
                workers.last?.client.say(#"2["task_update",{"uuid":"\#(uuid)","type":"debug","data":\#(step)}]"#)
            case 9:
                var task = TaskRecord(id: "own\(step)", name: "n", created: 1)
                task.state = .running
                task.started = 1
                own.append(task)
                test.hub.journal.publish(.taskStarted(task))
            case 10:
                guard let index = own.indices.randomElement(using: &generator) else { continue }
                own[index].progress = TaskRecord.Progress(current: step, total: nil, message: "")
                test.hub.journal.publish(.taskProgress(own[index]))
            default:
                guard let index = own.indices.randomElement(using: &generator) else { continue }
                var task = own.remove(at: index)
                task.state = .done
                test.hub.journal.publish(.taskFinished(task))
            }
            if generator.chance(3) { _ = test.hub.loops[0].step() }
            if generator.chance(3) { test.hub.loops[1].run() }
        }
        test.hub.run()
        for index in watchers.indices {
            let client = watchers[index].client
            client.link.release()
            if test.clients.first(where: { $0.id == client.userid })?.topics.isEmpty == true { client.join("/client") }
            test.hub.run()
            for (name, data) in client.takeEvents() { watchers[index].table.apply(name, data) }
            #expect(!watchers[index].table.isBroken)
            #expect(!client.link.isClosed)
        }
        var expected: [String: [String: JSON]] = [:]
        for (uuid, said) in test.hub.journal.read({ $0.relays.tasks }) {
            expected[uuid] = Dictionary(uniqueKeysWithValues: said.map { ($0.key, $0.value) })
        }
        for task in own {
            let progress = task.progress.map { ["current": .int(Int64($0.current)), "message": ""] as JSON }
            expected[task.id] = progress.map { ["progress": $0] } ?? [:]
        }
        for watcher in watchers { #expect(watcher.table.tasks == expected) }
    }
}
