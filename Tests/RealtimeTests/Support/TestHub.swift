import Domain
import Testing

@testable import Realtime

/// A hub on manual loops, with what its clients need.
struct TestHub {
    static let now: Milliseconds = 1_767_225_600_000

    let journal: Journal
    let hub: Hub
    let loops: [ManualLoop]
    let tasks: FakeTasks

    init(
        loops count: Int = 1,
        epoch: String = "e1",
        tasks: FakeTasks = FakeTasks(),
        _ configure: (inout HubConfiguration) -> Void = { _ in }
    ) {
        let clock = WallClock { Self.now }
        var configuration = HubConfiguration()
        configure(&configuration)
        journal = Journal(epoch: epoch, clock: clock)
        loops = (0..<count).map { _ in ManualLoop() }
        self.tasks = tasks
        hub = Hub(journal: journal, configuration: configuration, loops: loops, clock: clock)
    }

    var loop: ManualLoop { loops[0] }

    /// The number of the newest event.
    var offset: Int { journal.read { $0.offset } }

    func run() {
        while loops.contains(where: \.hasJobs) { for loop in loops { loop.run() } }
    }

    /// A client of `/ws` that has been welcomed; its own arrival has been delivered to others.
    func connect(
        role: Role = .admin,
        on index: Int = 0,
        compression: PerMessageDeflate.Agreed? = nil
    ) throws -> ScriptedClient {
        let slot = try #require(hub.admit())
        let session = NativeSession(
            shard: hub.shards[index],
            tasks: tasks,
            role: role,
            compression: compression,
            slot: slot
        )
        let client = ScriptedClient(session, loop: loops[index], compression: compression)
        run()
        return client
    }

    /// A client of `/events`.
    func stream(
        _ topics: [Topic],
        since: ResumePoint? = nil,
        role: Role = .admin,
        on index: Int = 0,
        link: RecordingLink = RecordingLink()
    ) throws -> StreamingClient {
        let slot = try #require(hub.admit())
        let session = EventStreamSession(
            shard: hub.shards[index],
            tasks: tasks,
            role: role,
            topics: topics,
            since: since,
            slot: slot
        )
        let client = StreamingClient(session, link: link)
        run()
        return client
    }

    /// Publishes to `app/<name>`; returns the offset.
    @discardableResult
    func say(_ name: String, _ data: JSON, key: String? = nil) -> Int {
        journal.publish(.appMessage(name: name, from: "tester", data: data, key: key))
    }
}
