import Domain
import Logging
import Synchronization

@testable import Realtime

/// A server on a queue in memory: hub and message queue on manual loops.
final class QueueNode {
    let test: TestHub
    let queue: MessageQueue
    let port: FakeQueue.Port
    let loop = ManualLoop()

    /// The server `name` in its first process, or in a later one; connected unless told otherwise.
    init(_ name: String, on bus: FakeQueue, life: Int = 1, isConnected: Bool = true) {
        test = TestHub(epoch: "\(name)\(life)")
        port = bus.port()
        var configuration = MessageQueue.Configuration(server: name, host: "\(name)-host-\(life)")
        configuration.times = Cluster.Times()
        let cancel = Cancellations()
        cancellations = cancel
        queue = MessageQueue(
            configuration: configuration,
            bus: port,
            hub: test.hub,
            loop: loop,
            cancelTask: { cancel.add($0) },
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        queue.start()
        if isConnected { port.set(connected: true) }
    }

    /// The tasks that others wanted cancelled.
    let cancellations: Cancellations

    final class Cancellations: Sendable {
        private let ids = Mutex<[String]>([])
        var all: [String] { ids.withLock { $0 } }
        func add(_ id: String) { ids.withLock { $0.append(id) } }
    }

    var journal: Journal { test.journal }
    var host: String { queue.configuration.host }

    /// Whether something waits to be done.
    var hasJobs: Bool { loop.hasJobs || test.loops.contains(where: \.hasJobs) }

    /// Does what is to be done until nothing is left.
    func run() {
        while hasJobs {
            loop.run()
            test.run()
        }
    }

    func advance(_ time: Milliseconds) {
        loop.advance(time)
        test.run()
    }
}

extension [QueueNode] {
    /// Does what is to be done at all nodes until nothing is left.
    func run() {
        while contains(where: \.hasJobs) { for node in self { node.run() } }
    }

    /// Lets time pass for all nodes alike, in steps small enough that what they say arrives in time.
    func advance(_ time: Milliseconds) {
        for _ in 0..<(time / 100) {
            for node in self { node.advance(100) }
            run()
        }
    }
}
