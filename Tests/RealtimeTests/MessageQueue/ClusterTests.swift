import Domain
import OrderedCollections
import Testing

@testable import Realtime

/// Who is there, and what is known of them, without a queue.
@Suite("The other servers")
struct ClusterTests {
    private static let other = Cluster.Peer(server: "b", host: "hb")

    private func make() -> Cluster { Cluster(server: "a", host: "ha") }

    private func message(_ body: ClusterMessage.Body, _ number: Int, server: String = "b") -> ClusterMessage {
        ClusterMessage(body, server: server, number: number)
    }

    private func part(_ index: Int = 0, isLast: Bool = true, client: String? = nil) -> ClusterMessage.StatePart {
        var part = ClusterMessage.StatePart(index: index, isLast: isLast)
        part.clients = client.map { [Self.client($0)] } ?? []
        return part
    }

    private static func client(_ id: String) -> ClientRecord {
        ClientRecord(
            id: id,
            kind: .script,
            transport: .websocket,
            protocol: "vitrine.v1",
            role: .admin,
            since: 1,
            address: "::1"
        )
    }

    /// A cluster that knows all of `other`, up to message 2.
    private func acquainted() -> Cluster {
        var cluster = make()
        _ = cluster.connected(now: -1_000)
        _ = cluster.receive(message(.hello, 1), from: "hb", now: 0)
        _ = cluster.receive(message(.state(part()), 2), from: "hb", now: 0)
        return cluster
    }

    @Test("a server that comes greets, tells its state and wants those of the others")
    func arrival() {
        var cluster = make()
        #expect(cluster.connected(now: 0) == [.send(.hello), .sendState])
        #expect(cluster.message(.hello).number == 1)
        // It has just told its state: that is not said twice within a second.
        #expect(cluster.receive(message(.hello, 1), from: "hb", now: 500) == [.arrived(Self.other)])
        #expect(
            cluster.receive(message(.state(part()), 2), from: "hb", now: 500) == [.replace(ClusterState(), Self.other)]
        )
        #expect(cluster.tick(now: 999).isEmpty)
        #expect(cluster.tick(now: 1_000) == [.sendState])
        #expect(cluster.servers == ["b"])
        #expect(cluster.tick(now: 4_999).isEmpty)
        #expect(cluster.tick(now: 5_000) == [.send(.beat)])
    }

    @Test("changes in sequence are taken, each once")
    func sequence() {
        var cluster = acquainted()
        let change = ClusterChange.clientLeft("c")
        #expect(cluster.receive(message(.changes([change]), 3), from: "hb", now: 1) == [.apply([change], Self.other)])
        #expect(cluster.receive(message(.changes([change]), 3), from: "hb", now: 1).isEmpty)
        #expect(cluster.receive(message(.changes([change]), 2), from: "hb", now: 1).isEmpty)
        #expect(cluster.receive(message(.beat, 3), from: "hb", now: 1).isEmpty)
        #expect(cluster.receive(message(.changes([change]), 4), from: "hb", now: 1) == [.apply([change], Self.other)])
    }

    @Test("a gap has the state asked for, and changes count again only after it")
    func gap() {
        var cluster = acquainted()
        let change = ClusterChange.clientLeft("c")
        #expect(cluster.receive(message(.changes([change]), 4), from: "hb", now: 10) == [.send(.ask(host: "hb"))])
        #expect(cluster.receive(message(.changes([change]), 5), from: "hb", now: 20).isEmpty)
        #expect(cluster.tick(now: 2_009).isEmpty)
        #expect(cluster.tick(now: 2_010) == [.send(.ask(host: "hb"))])
        #expect(
            cluster.receive(message(.state(part()), 6), from: "hb", now: 2_020)
                == [.replace(ClusterState(), Self.other)]
        )
        #expect(cluster.receive(message(.changes([change]), 7), from: "hb", now: 3) == [.apply([change], Self.other)])
    }

    @Test("a beat tells of the last message that was lost")
    func lostTail() {
        var cluster = acquainted()
        #expect(cluster.receive(message(.beat, 3), from: "hb", now: 1) == [.send(.ask(host: "hb"))])
    }

    @Test("the number of events for clients tells of one that was lost")
    func lostEvent() {
        var cluster = acquainted()
        cluster.noteEmit(from: "hb")
        var beat = message(.beat, 2)
        beat.emits = 1
        #expect(cluster.receive(beat, from: "hb", now: 1).isEmpty)
        beat.emits = 2
        #expect(cluster.receive(beat, from: "hb", now: 2) == [.send(.ask(host: "hb"))])
        cluster.noteEmit()
        #expect(cluster.message(.beat).emits == 1)
    }

    @Test("a state in parts counts when it is complete, and not at all with a part missing")
    func parts() {
        var cluster = acquainted()
        #expect(cluster.receive(message(.state(part(0, isLast: false, client: "x")), 3), from: "hb", now: 1).isEmpty)
        var whole = ClusterState()
        whole.clients = [Self.client("x"), Self.client("y")]
        #expect(
            cluster.receive(message(.state(part(1, client: "y")), 4), from: "hb", now: 1)
                == [.replace(whole, Self.other)]
        )
        #expect(cluster.receive(message(.state(part(0, isLast: false)), 5), from: "hb", now: 1).isEmpty)
        #expect(cluster.receive(message(.state(part(2)), 7), from: "hb", now: 1) == [.send(.ask(host: "hb"))])
        #expect(cluster.receive(message(.state(part(1)), 8), from: "hb", now: 1).isEmpty)
    }

    @Test("the state is told to who asks this process, once for many who ask")
    func asked() {
        var cluster = acquainted()
        _ = cluster.tick(now: 2_000)
        #expect(cluster.receive(message(.ask(host: "hx"), 3), from: "hb", now: 4_000).isEmpty)
        #expect(cluster.receive(message(.ask(host: "ha"), 4), from: "hb", now: 4_000) == [.sendState])
        #expect(cluster.receive(message(.ask(host: "ha"), 5), from: "hb", now: 4_001).isEmpty)
        #expect(cluster.receive(message(.ask(host: "ha"), 6), from: "hb", now: 4_002).isEmpty)
        #expect(cluster.tick(now: 5_001) == [.sendState, .send(.beat)])
        #expect(cluster.tick(now: 6_500).isEmpty)
    }

    @Test("a server that is silent for 15 seconds is away, whether the queue is there or not")
    func silence() {
        var cluster = acquainted()
        #expect(cluster.receive(message(.beat, 2), from: "hb", now: 5_000).isEmpty)
        cluster.disconnected()
        #expect(cluster.tick(now: 19_999).isEmpty)
        #expect(cluster.isThere("b"))
        #expect(cluster.tick(now: 20_000) == [.left(Self.other, isClean: false)])
        #expect(!cluster.isThere("b"))
        _ = cluster.connected(now: 30_000)
        #expect(
            cluster.receive(message(.beat, 2), from: "hb", now: 30_000)
                == [.arrived(Self.other), .send(.ask(host: "hb"))]
        )
    }

    @Test("a goodbye counts at once, and nothing is asked of who has gone")
    func goodbye() {
        var cluster = acquainted()
        #expect(cluster.receive(message(.bye, 9), from: "hb", now: 1) == [.left(Self.other, isClean: true)])
        #expect(cluster.tick(now: 60_000) == [.send(.beat)])
        #expect(cluster.receive(message(.bye, 9), from: "hb", now: 1).isEmpty)
    }

    @Test("a new process of a server takes the place of the old one")
    func restart() {
        var cluster = acquainted()
        let new = Cluster.Peer(server: "b", host: "hb2")
        #expect(
            cluster.receive(message(.hello, 1), from: "hb2", now: 2_000) == [
                .ended(Self.other), .arrived(new), .sendState,
            ]
        )
        #expect(cluster.servers == ["b"])
        #expect(cluster.tick(now: 3_000).isEmpty)
    }

    @Test("only the own tasks are cancelled")
    func cancel() {
        var cluster = acquainted()
        #expect(cluster.receive(message(.cancel(task: "t", server: "c"), 3), from: "hb", now: 1).isEmpty)
        #expect(
            cluster.receive(message(.cancel(task: "t", server: "a"), 4), from: "hb", now: 1) == [.cancel(task: "t")]
        )
    }

    @Test("messages of this process and of another with the same name change nothing")
    func same() {
        var cluster = acquainted()
        #expect(cluster.receive(message(.bye, 9, server: "a"), from: "ha", now: 1).isEmpty)
        #expect(
            cluster.receive(message(.hello, 1, server: "a"), from: "hz", now: 1) == [.sameName(host: "hz")]
        )
        #expect(cluster.receive(message(.hello, 2, server: "a"), from: "hz", now: 1).isEmpty)
        #expect(cluster.servers == ["b"])
    }

    @Test("every message reads as it was written, and one of another version not at all")
    func roundTrip() throws {
        var task = TaskRecord(id: "t", name: "n", params: ["a": [1, "x"]], priority: 3, requires: ["r"], created: 5)
        task.state = .running
        task.attempt = 2
        task.started = 7
        task.progress = TaskRecord.Progress(current: 1, total: nil, message: "m")
        task.executor = TaskRecord.Executor(kind: .peer, client: "w", name: "gpu")
        var state = ClusterMessage.StatePart(index: 3, isLast: true)
        state.isWhole = false
        state.clients = [Self.client("c")]
        state.tasks = [task]
        state.relays = ["u": ["progress": ["current": 1]], "v": [:]]
        let changes: [ClusterChange] = [
            .client(Self.client("c")), .clientLeft("d"), .task(task, requeue: .workerGone), .task(task, requeue: nil),
            .progress(task: "t", attempt: 2, TaskRecord.Progress(current: 2, total: 9, message: "")),
            .log(task: "t", TaskLogLine(at: 3, level: .warning, message: "l")),
            .waiting(requires: ["a", "b"], "no worker offers a", except: ["t"]),
            .waiting(requires: [], nil, except: []),
        ]
        let bodies: [ClusterMessage.Body] = [
            .hello, .beat, .bye, .ask(host: "h"), .cancel(task: "t", server: "s"), .state(state), .changes(changes),
        ]
        for body in bodies {
            let message = ClusterMessage(body, server: "b", number: 7, emits: 3)
            let carried = try QueueMessage(message.encoded(from: "hb"))
            #expect(carried.host == "hb")
            guard case .emit(let emit) = carried.body else {
                Issue.record("no emit")
                continue
            }
            #expect(emit.namespace == "/vitrine" && emit.rooms == ["servers"])
            #expect(ClusterMessage(emit) == message)
            var other = emit
            other.arguments = [["v": 2, "server": "b", "n": 7, "emits": 0]]
            #expect(ClusterMessage(other) == nil)
            other.arguments = []
            #expect(ClusterMessage(other) == nil)
            other.arguments = [["v": 1, "server": "", "n": 7, "emits": 0]]
            #expect(ClusterMessage(other) == nil)
            other.arguments = [["v": 1, "server": "b", "n": .int(.max), "emits": 0]]
            #expect(ClusterMessage(other) == nil)
            other.arguments = [["v": 1, "server": "b", "n": 7, "emits": .int(.max)]]
            #expect(ClusterMessage(other) == nil)
        }
    }

    @Test("a change that a later release may have added is left out, the others count")
    func unknownChange() {
        var emit = QueueMessage.Emit(
            event: "changes",
            arguments: [
                ["v": 1, "server": "b", "n": 1, "emits": 0, "changes": [["left": "x"], ["new": 1], ["task": [:]]]]
            ],
            rooms: nil
        )
        emit.namespace = "/vitrine"
        #expect(ClusterMessage(emit)?.body == .changes([.clientLeft("x")]))
    }
}
