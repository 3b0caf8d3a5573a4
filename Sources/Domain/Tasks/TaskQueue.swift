/// The rules of the task queue: every unfinished task, who holds which, and who is next (contracts/realtime.md §6).
///
/// A state machine without I/O and without a clock. Its verbs return ``TaskTransition``s, to be written to the store
/// and then published, in order. Finished tasks leave it; only their number stays.
///
///     var queue = TaskQueue(builtIn: ["scan"])
///     let created = queue.enqueue(record, sequence: 1)
///     if let claim = queue.claim(by: .local, now: now) { … }
package struct TaskQueue: Sendable {
    /// How long leases and offers last.
    package struct Times: Sendable {
        package var lease: Milliseconds
        package var offer: Milliseconds

        /// The contract's defaults (contracts/realtime.md §8).
        package init(lease: Milliseconds = 15_000, offer: Milliseconds = 5_000) {
            self.lease = lease
            self.offer = offer
        }
    }

    /// An unfinished task.
    struct Entry: Sendable {
        var record: TaskRecord
        /// Its number in the order of creation.
        let sequence: Int
        var lease: TaskLease?
        var isCancelling = false
        /// Tells its present place in the backlog from earlier ones.
        fileprivate var version = 0

        init(record: TaskRecord, sequence: Int) {
            self.record = record
            self.sequence = sequence
        }

        fileprivate var isWaiting: Bool { record.state == .queued && lease == nil }
    }

    private struct Undo: Sendable {
        var entries: [String: Entry?] = [:]
        var counts: TaskCounts
    }

    let times: Times
    let secret: @Sendable () -> String
    private let builtIn: Set<String>
    /// The built-in kinds of which one task runs at a time.
    private let exclusive: Set<String>
    /// How many leases there are on tasks of each exclusive kind.
    private var busy: [String: Int] = [:]
    private(set) var entries: [String: Entry] = [:]
    /// The tasks on lease, by the lease's secret.
    private(set) var leases: [String: String] = [:]
    /// The tasks on lease to connected clients, by the client.
    private(set) var held: [String: Set<String>] = [:]
    /// What the connected workers offer.
    private var workers: [String: Set<String>] = [:]
    private var backlog = TaskBacklog()
    private var undo: Undo?
    private var versions = 0
    /// How many tasks are in each state, finished ones included.
    package private(set) var counts = TaskCounts()

    /// An empty queue.
    ///
    /// Tasks named in `builtIn` run in the server, all others wait for a worker. `secret` makes the leases' secrets.
    package init(
        builtIn: Set<String>,
        exclusive: Set<String> = [],
        times: Times = Times(),
        secret: @escaping @Sendable () -> String = { Identifier.make() }
    ) {
        self.builtIn = builtIn
        self.exclusive = exclusive
        self.times = times
        self.secret = secret
    }

    // MARK: - What there is

    /// An unfinished task.
    package func record(_ id: String) -> TaskRecord? {
        guard let entry = entries[id] else { return nil }
        return described(entry).record
    }

    /// The lease on a task, if anyone holds it.
    package func lease(_ id: String) -> TaskLease? { entries[id]?.lease }

    /// Whether cancelling a running task was asked for.
    package func isCancelling(_ id: String) -> Bool { entries[id]?.isCancelling ?? false }

    /// Whether a built-in task waits that could be claimed now.
    package var hasWorkForServer: Bool { backlog.holds(serverDemands) }

    /// How many places the backlog keeps, stale ones included; for tests of its bound.
    var placesKept: Int { backlog.places }

    // MARK: - Workers

    /// Notes what a connected worker offers, so that waiting tasks can say what they lack.
    package mutating func join(worker: String, capabilities: Set<String>) { workers[worker] = capabilities }

    /// Forgets a worker; its leases are the business of ``TaskQueue/release(client:now:)``.
    mutating func forget(worker: String) { workers[worker] = nil }

    // MARK: - All or nothing

    /// Remembers this state for ``rollback()``, in place of an earlier one.
    package mutating func checkpoint() { undo = Undo(counts: counts) }

    /// Goes back to the last checkpoint, as if nothing had happened since.
    package mutating func rollback() {
        guard let undo else { return }
        self.undo = nil
        for (id, entry) in undo.entries { set(id, entry) }
        counts = undo.counts
    }

    /// Takes over what the store counts, for tasks that are finished already.
    mutating func load(counts: TaskCounts) { self.counts = counts }

    // MARK: - The one place where entries change

    /// Puts an entry in place of the present one and keeps all indexes right; `nil` removes it.
    ///
    /// Counts are the business of the verbs.
    mutating func set(_ id: String, _ entry: Entry?) {
        let old = entries.removeValue(forKey: id)
        remember(id, old)
        if let old, let lease = old.lease {
            leases[lease.secret] = nil
            if exclusive.contains(old.record.name) { busy[old.record.name, default: 0] -= 1 }
            if let client = lease.executor.client {
                held[client]?.remove(id)
                if held[client]?.isEmpty == true { held[client] = nil }
            }
        }
        if var entry {
            if let lease = entry.lease {
                leases[lease.secret] = id
                if exclusive.contains(entry.record.name) { busy[entry.record.name, default: 0] += 1 }
                if let client = lease.executor.client { held[client, default: []].insert(id) }
            }
            versions += 1
            entry.version = versions
            entries[id] = described(entry)
        }
        if let old, old.isWaiting {
            let entries = entries
            backlog.remove(demand(old.record)) { Self.isLive($0, entries) }
        }
        if let entry = entries[id], entry.isWaiting { backlog.insert(place(entry), demand(entry.record)) }
    }

    /// Notes how far a task is; touches no index.
    mutating func setProgress(_ id: String, _ progress: TaskRecord.Progress) {
        remember(id, entries[id])
        entries[id]?.record.progress = progress
    }

    /// Moves the end of a lease; touches no index.
    mutating func setDeadline(_ id: String, _ deadline: Milliseconds) {
        remember(id, entries[id])
        entries[id]?.lease?.deadline = deadline
    }

    /// Counts a task out of one state and into another.
    mutating func count(from old: TaskRecord.State?, to new: TaskRecord.State) {
        if let old { counts[old] -= 1 }
        counts[new] += 1
    }

    private mutating func remember(_ id: String, _ entry: Entry?) {
        guard undo != nil, undo?.entries[id] == nil else { return }
        undo?.entries.updateValue(entry, forKey: id)
    }

    // MARK: - Who is next

    /// The task that the server (`nil`) or a worker with `capabilities` would run next.
    mutating func next(capabilities: Set<String>?) -> Entry? {
        let entries = entries
        let isLive = { (place: TaskBacklog.Place) in Self.isLive(place, entries) }
        let place =
            if let capabilities {
                backlog.first(capabilities: capabilities, isLive: isLive)
            } else {
                backlog.first(of: serverDemands, isLive: isLive)
            }
        return place.flatMap { entries[$0.task] }
    }

    private static func isLive(_ place: TaskBacklog.Place, _ entries: [String: Entry]) -> Bool {
        entries[place.task].map { $0.version == place.version && $0.isWaiting } ?? false
    }

    private func place(_ entry: Entry) -> TaskBacklog.Place {
        TaskBacklog.Place(
            priority: entry.record.priority,
            created: entry.record.created,
            sequence: entry.sequence,
            task: entry.record.id,
            version: entry.version
        )
    }

    private func demand(_ record: TaskRecord) -> TaskBacklog.Demand {
        guard builtIn.contains(record.name) else { return .worker(Set(record.requires)) }
        return .server(exclusive.contains(record.name) ? record.name : "")
    }

    /// What the server can take now: nothing of an exclusive kind that runs.
    private var serverDemands: [TaskBacklog.Demand] {
        [.server("")] + exclusive.filter { busy[$0, default: 0] == 0 }.map { .server($0) }
    }

    /// The entry with the reason why it waits, as things are now.
    private func described(_ entry: Entry) -> Entry {
        var entry = entry
        entry.record.waiting = nil
        guard entry.isWaiting, case .worker(let needed) = demand(entry.record) else { return entry }
        if !workers.values.contains(where: { needed.isSubset(of: $0) }) {
            let names = entry.record.requires.joined(separator: ", ")
            entry.record.waiting = names.isEmpty ? "no worker is connected" : "no worker offers \(names)"
        }
        return entry
    }
}
