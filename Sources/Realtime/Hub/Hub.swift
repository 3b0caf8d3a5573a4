package import Domain
import Synchronization

/// Topics, fan-out, history and presence: what the journal says, brought to every socket that asked for it.
///
/// Sharded per loop: an event is encoded once per wire format and posted as one job a loop; the connections share
/// the bytes.
package final class Hub: Sendable {
    package let journal: Journal
    package let configuration: HubConfiguration
    package let statistics = HubStatistics()
    package let clock: WallClock
    let snapshots: SnapshotReader
    private let history: Mutex<History>
    private let connections = Atomic<Int>(0)
    private let stopping = Atomic<Bool>(false)
    private let shardList = Mutex<[HubShard]>([])

    /// A hub over the journal with a shard for each of `loops`.
    package init(
        journal: Journal,
        configuration: HubConfiguration,
        loops: [any SessionLoop],
        clock: WallClock = .system
    ) {
        self.journal = journal
        self.configuration = configuration
        self.clock = clock
        snapshots = SnapshotReader(journal: journal)
        let offset = journal.read { $0.offset }
        history = Mutex(
            History(events: configuration.historyEvents, bytes: configuration.historyBytes, startingAfter: offset)
        )
        let shards = loops.map { HubShard(loop: $0, hub: self) }
        shardList.withLock { $0 = shards }
        journal.listen { [self, shards] entry in
            let frame = EventFrame(entry, epoch: journal.epoch)
            statistics.notePublished()
            history.withLock { $0.append(frame) }
            for shard in shards { shard.post(frame) }
        }
        for shard in shards {
            let interval = min(100, max(10, configuration.pingInterval / 10))
            shard.loop.repeatEvery(interval) { [weak shard] in shard?.tick() }
        }
    }

    /// One for each loop, in the order of the loops given.
    package var shards: [HubShard] { shardList.withLock { $0 } }

    // MARK: - Admission

    /// Counts a connection in for as long as the slot lives; `nil` when there are too many or the server stops.
    package func admit() -> ConnectionSlot? {
        guard !isStopping else { return nil }
        let slot = ConnectionSlot(of: self)
        guard connectionCount <= configuration.maxConnections else {
            statistics.noteRefused()
            return nil
        }
        return slot
    }

    func count(_ change: Int) {
        connections.add(change, ordering: .relaxed)
    }

    /// Sockets and event streams at this moment.
    package var connectionCount: Int { connections.load(ordering: .relaxed) }

    /// Whether the server is going down.
    package var isStopping: Bool { stopping.load(ordering: .acquiring) }

    /// Says goodbye to every session (close code 1001) and admits no more.
    package func shutDown() {
        stopping.store(true, ordering: .releasing)
        for shard in shards { shard.loop.execute { shard.shutDown() } }
    }

    /// Cuts every connection that has not ended after ``shutDown()``.
    package func abandon() {
        for shard in shards { shard.loop.execute { shard.abandon() } }
    }

    // MARK: - Positions

    enum Position {
        case replay([EventFrame], through: Int)
        case resync(reason: String)
    }

    /// What a client that left off at `since` gets (G3, G4).
    func position(since: ResumePoint, topics: Set<Topic>) -> Position {
        guard since.epoch == journal.epoch else { return .resync(reason: "epoch") }
        return journal.read { state in
            guard since.offset <= state.offset else { return .resync(reason: "epoch") }
            guard let frames = history.withLock({ $0.events(after: since.offset, of: topics) }) else {
                return .resync(reason: "history")
            }
            return .replay(frames, through: state.offset)
        }
    }
}
