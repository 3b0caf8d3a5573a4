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
        /// How long a worker that let an offer pass is not offered tasks of the same demand.
        package var pause: Milliseconds = 1_000

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
        let demand: TaskBacklog.Demand
        var lease: TaskLease?
        var isCancelling = false
        /// Tells its present place in the backlog from earlier ones.
        fileprivate var version = 0

        init(record: TaskRecord, sequence: Int, demand: TaskBacklog.Demand) {
            self.record = record
            self.sequence = sequence
            self.demand = demand
        }

        fileprivate var isWaiting: Bool { record.state == .queued && lease == nil }
    }

    private struct Undo: Sendable {
        var entries: [String: Entry?] = [:]
        var counts: TaskCounts
        var turns: KindTurns
        var roster: WorkerRoster
    }

    let times: Times
    let secret: @Sendable () -> String
    /// The names of the tasks that the server runs itself.
    let builtIn: Set<String>
    /// The built-in kinds of which one task runs at a time.
    private let exclusive: Set<String>
    /// How many leases there are on tasks of each exclusive kind.
    private var busy: [String: Int] = [:]
    private(set) var entries: [String: Entry] = [:]
    /// The tasks on lease, by the lease's secret.
    private(set) var leases: [String: String] = [:]
    /// The tasks on lease to workers, by the worker.
    private(set) var held: [String: Set<String>] = [:]
    /// The workers, and what there is to know of them besides what they hold.
    var roster = WorkerRoster()
    /// What waiting tasks say of why they are not running.
    var reasons = WaitingReasons()
    private(set) var backlog = TaskBacklog()
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
    package func record(_ id: String) -> TaskRecord? { entries[id].map { described($0).record } }

    /// The lease on a task, if anyone holds it.
    package func lease(_ id: String) -> TaskLease? { entries[id]?.lease }

    /// Whether cancelling a running task was asked for.
    package func isCancelling(_ id: String) -> Bool { entries[id]?.isCancelling ?? false }

    /// Whether a built-in task waits that could be claimed now.
    package var hasWorkForServer: Bool { serverDemands.contains { backlog.holds($0) } }

    /// How many places the backlog keeps, stale ones included; for tests of its bound.
    var placesKept: Int { backlog.places }

    /// What a task needs of the one who runs it.
    func demand(_ record: TaskRecord) -> TaskBacklog.Demand {
        guard builtIn.contains(record.name) else { return .worker(Set(record.requires)) }
        return .server(exclusive.contains(record.name) ? record.name : "")
    }

    // MARK: - All or nothing

    /// Remembers this state for ``rollback()``, in place of an earlier one.
    package mutating func checkpoint() {
        undo = Undo(counts: counts, turns: backlog.turns, roster: roster)
        reasons.checkpoint()
    }

    /// Goes back to the last checkpoint, as if nothing had happened since.
    package mutating func rollback() {
        guard let undo else { return }
        self.undo = nil
        for (id, entry) in undo.entries { set(id, entry) }
        counts = undo.counts
        backlog.setTurns(undo.turns)
        roster = undo.roster
        reasons.rollback()
        // What the batch looked at must be looked at again.
        roster.touchAll()
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
        if let old, let lease = old.lease { unlink(lease, of: old) }
        note(from: old, to: entry)
        if var entry {
            if let lease = entry.lease { link(lease, of: entry) }
            versions += 1
            entry.version = versions
            entries[id] = described(entry)
        }
        if let old, old.isWaiting {
            let entries = entries
            backlog.remove(old.demand, kind: old.record.name) { Self.isLive($0, entries) }
        }
        if let entry = entries[id], entry.isWaiting {
            backlog.insert(place(entry), entry.demand, kind: entry.record.name)
        }
    }

    private mutating func link(_ lease: TaskLease, of entry: Entry) {
        leases[lease.secret] = entry.record.id
        if exclusive.contains(entry.record.name) { busy[entry.record.name, default: 0] += 1 }
        guard let holder = lease.holder else { return }
        held[holder, default: []].insert(entry.record.id)
        roster.touch(holder)
    }

    private mutating func unlink(_ lease: TaskLease, of entry: Entry) {
        leases[lease.secret] = nil
        if exclusive.contains(entry.record.name) { busy[entry.record.name, default: 0] -= 1 }
        guard let holder = lease.holder else { return }
        held[holder]?.remove(entry.record.id)
        if held[holder]?.isEmpty == true { held[holder] = nil }
        roster.touch(holder)
    }

    /// Counts queued tasks in and out of what their demand has to say.
    private mutating func note(from old: Entry?, to new: Entry?) {
        let was = old.flatMap { $0.record.state == .queued ? $0.demand : nil }
        let `is` = new.flatMap { $0.record.state == .queued ? $0.demand : nil }
        if let was, was != `is` { reasons.remove(was) }
        guard let `is` else { return }
        guard was != `is` else { return reasons.unsettle(`is`) }
        let isNew = reasons.insert(`is`)
        if isNew { reasons.begin(`is`, reason(for: `is`)) }
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

    /// The task that the server would run next.
    mutating func nextForServer() -> Entry? {
        let entries = entries
        let place = backlog.first(of: serverDemands) { Self.isLive($0, entries) }
        return place.flatMap { entries[$0.task] }
    }

    /// The task that a worker with `capabilities` would get next, apart from the demands in `passing`.
    mutating func next(capabilities: Set<String>, passing: (TaskBacklog.Demand) -> Bool = { _ in false }) -> Entry? {
        let entries = entries
        let place = backlog.first(capabilities: capabilities, passing: passing) { Self.isLive($0, entries) }
        return place.flatMap { entries[$0.task] }
    }

    /// Notes that it was the turn of a task's kind.
    mutating func serve(_ entry: Entry) { backlog.serve(kind: entry.record.name) }

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

    /// What the server can take now: nothing of an exclusive kind that runs.
    private var serverDemands: [TaskBacklog.Demand] {
        [.server("")] + exclusive.filter { busy[$0, default: 0] == 0 }.map { .server($0) }
    }

    /// The entry with the reason why it waits, as it was last told.
    func described(_ entry: Entry) -> Entry {
        var entry = entry
        entry.record.waiting = nil
        guard entry.record.state == .queued else { return entry }
        let own = entry.lease.flatMap { lease in lease.holder.flatMap { roster[$0]?.profile.waiting } }
        entry.record.waiting = own ?? reasons.told(entry.demand)
        return entry
    }
}
