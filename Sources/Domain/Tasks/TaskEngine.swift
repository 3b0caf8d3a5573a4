import Dispatch
package import Logging
import ServiceLifecycle
import Synchronization

/// Runs the task queue: takes requests, writes every step to the store, tells the journal, and runs built-in kinds.
///
/// One serial queue of its own does all the work, in batches: everything that waits is applied to the
/// ``TaskQueue``, written in one transaction, published in order, and only then answered. So an answer means that it
/// is on disk, and no event runs ahead of the disk. No database work happens on the cooperative pool or an event loop.
///
/// Call ``load()`` once before serving, then ``run()`` in the service group.
package final class TaskEngine: Service {
    /// The engine's bounds (contracts/realtime.md §8).
    package struct Configuration: Sendable {
        /// How many built-in tasks run at once.
        package var slots: Int
        /// How many tasks may wait.
        package var maxQueued: Int
        /// How long workers' leases and offers last.
        package var times: TaskQueue.Times
        /// The least time between two progress events of a task.
        package var progressEvery: Milliseconds = 50
        /// The least time between two times that a worker's figures are told.
        package var figuresEvery: Milliseconds = 100
        /// The least time between two writes of a task's progress.
        package var progressSavedEvery: Milliseconds = 1000
        /// How many log lines of a task are kept; a few more may stand in the store for a while.
        package var logLimit = 10_000
        /// How long to wait after the store failed before trying again.
        package var storeRetryAfter: Milliseconds = 1000

        /// The contract's defaults, apart from `slots`, which is for the number of cores.
        package init(slots: Int, maxQueued: Int = 100_000, times: TaskQueue.Times = .init()) {
            self.slots = slots
            self.maxQueued = maxQueued
            self.times = times
        }
    }

    /// The kinds that run in the server.
    package let kinds: [any TaskKind]
    let kindsByName: [String: any TaskKind]
    /// The names of tasks that a Celery executor runs.
    package let routed: Set<String>
    let store: Store
    let journal: Journal
    let configuration: Configuration
    /// Where large results wait.
    let results: ResultFolder?
    let clock: WallClock
    /// A clock that nobody sets, by which leases last.
    let uptime: @Sendable () -> Milliseconds
    let alarm: TaskAlarm
    let logger: Logger
    private let queue = DispatchQueue(label: "tasks", qos: .userInitiated)
    private let inbox = Mutex(Inbox())
    /// Used on `queue` only; the lock is never contended.
    private let core: Mutex<Core>

    /// How many messages one transaction takes at most.
    static let batchLimit = 1024

    private struct Inbox {
        var messages: [Message] = []
        /// How many ever came.
        var received = 0
        var isDraining = false
    }

    /// An engine that has loaded nothing yet; of two kinds of one name the first counts.
    ///
    /// Tasks of a name in `routed` wait for a worker even when there is a kind of this name.
    package init(
        store: Store,
        journal: Journal,
        kinds: [any TaskKind],
        configuration: Configuration,
        routed: Set<String> = [],
        results: ResultFolder? = nil,
        clock: WallClock = .system,
        uptime: @escaping @Sendable () -> Milliseconds = RedisConfiguration.uptime,
        alarm: TaskAlarm = .system,
        logger: Logger = Logger(label: "tasks")
    ) {
        self.store = store
        self.journal = journal
        self.kinds = kinds
        self.routed = routed
        self.configuration = configuration
        self.results = results
        self.clock = clock
        self.uptime = uptime
        self.alarm = alarm
        self.logger = logger
        kindsByName = Dictionary(kinds.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        core = Mutex(
            Core(
                queue: TaskQueue(
                    builtIn: Set(kindsByName.keys).subtracting(routed),
                    exclusive: Set(kinds.lazy.filter(\.isExclusive).map(\.name)),
                    times: configuration.times
                )
            )
        )
    }

    // MARK: - Requests

    /// Has a task run; returns it as it was taken in.
    ///
    /// A repeated id with the same name is the same task: it comes back as it is now, and nothing runs twice.
    /// Throws ``TaskError``: `badParams`, `conflict` (the id has another name), `limitTasks`, `shuttingDown`,
    /// `internal`.
    package func submit(_ request: TaskRequest) async throws(TaskError) -> TaskRecord {
        if let kind = kindsByName[request.name], !routed.contains(request.name) {
            do throws(TaskRecord.Failure) { try kind.validate(request.params) } catch { throw .badParams(error) }
        }
        return try await ask { .submit(request, $0) }.get()
    }

    /// Cancels a task and returns it as it is now; one that has ended stays as it is.
    ///
    /// A waiting task is cancelled at once, one that runs in the server as soon as its code stops.
    /// Throws ``TaskError``: `unknownTask`, `internal`.
    @discardableResult
    package func cancel(_ id: String) async throws(TaskError) -> TaskRecord {
        try await ask { .cancel(id, $0) }.get()
    }

    /// The task with its result, unless that is greater than ``TaskResult/limit``; `nil` when there is none of this id.
    ///
    /// Throws GRDB's `DatabaseError`.
    package func task(_ id: String) async throws -> TaskRecord? {
        if let present = journal.read({ $0.tasks.task(id) }), !present.state.isFinal { return present }
        return try await store.task(id)
    }

    /// The whole result of a finished task as JSON, however large; `nil` when there is none.
    ///
    /// Throws GRDB's `DatabaseError`.
    package func result(_ id: String) async throws -> [UInt8]? { try await store.taskResult(id) }

    /// The last `limit` lines of a task's log, oldest first; none for an unknown task.
    ///
    /// Throws GRDB's `DatabaseError`.
    package func log(_ id: String, limit: Int = TaskBoard.logLimit) async throws -> [TaskLogLine] {
        try await store.taskLog(id, limit: limit)
    }

    /// The last `limit` tasks that were made, newest first, of one state or of all; large results are left out.
    ///
    /// Throws GRDB's `DatabaseError`.
    package func recent(state: TaskRecord.State? = nil, limit: Int) async throws -> [TaskRecord] {
        let stored = try await store.tasks(state: state, limit: limit)
        return journal.read { boards in
            stored.map { record in
                guard !record.state.isFinal, let present = boards.tasks.task(record.id) else { return record }
                return present.state == record.state ? present : record
            }
        }
    }

    /// How many tasks there are in each state.
    package var counts: TaskCounts { journal.read { $0.tasks.counts } }

    // MARK: - The inbox

    /// Something for the serial queue to do.
    enum Message: Sendable {
        case submit(TaskRequest, CheckedContinuation<Result<TaskRecord, TaskError>, Never>)
        case cancel(String, CheckedContinuation<Result<TaskRecord, TaskError>, Never>)
        /// A run has something to report.
        case report(LocalRun)
        case ended(LocalRun, Outcome)
        /// Something that a worker said or that became of it.
        case worker(WorkerMessage)
        /// A result that comes before the word that the task is done.
        case upload(Upload, UploadCaller)
        /// Workers are to hold nothing more.
        case retire
        /// The alarm of this number has rung.
        case wake(Int)
        /// Runs may begin; they go where the continuation leads.
        case open(AsyncStream<LocalRun>.Continuation)
        /// Runs are to stop.
        case close
        /// No run is left; answers when that is on disk.
        case closed(CheckedContinuation<Void, Never>)
    }

    /// How the code of a run ended.
    enum Outcome: Sendable {
        case returned(TaskResult)
        case failed(TaskRecord.Failure, retry: Bool)
        /// It stopped because it was asked to.
        case stopped
    }

    private func ask(
        _ message: (CheckedContinuation<Result<TaskRecord, TaskError>, Never>) -> Message
    ) async -> Result<TaskRecord, TaskError> {
        await withCheckedContinuation { post(message($0)) }
    }

    /// Has the serial queue handle a message after all earlier ones.
    func post(_ message: Message) {
        let mustDrain = inbox.withLock { inbox in
            inbox.messages.append(message)
            inbox.received += 1
            defer { inbox.isDraining = true }
            return !inbox.isDraining
        }
        if mustDrain { queue.async { [self] in drain() } }
    }

    /// How many messages wait and how many ever came; for tests of what waits for whom.
    var traffic: (pending: Int, received: Int) { inbox.withLock { ($0.messages.count, $0.received) } }

    private func drain() {
        core.withLock { core in
            while true {
                let messages = inbox.withLock { inbox -> [Message]? in
                    guard !inbox.messages.isEmpty || canClaim(core) else {
                        inbox.isDraining = false
                        return nil
                    }
                    guard inbox.messages.count > Self.batchLimit else {
                        defer { inbox.messages.removeAll() }
                        return inbox.messages
                    }
                    defer { inbox.messages.removeFirst(Self.batchLimit) }
                    return Array(inbox.messages.prefix(Self.batchLimit))
                }
                guard let messages else { return }
                process(messages, &core)
            }
        }
    }

    // MARK: - Start

    /// Takes over what the store holds, and decides about the tasks that ran when the server was killed.
    ///
    /// They go back to the queue or end as failed, by their kind's policy and the attempts they have left; the
    /// journal hears of it after its board has been filled. Throws GRDB's `DatabaseError`.
    package func load() async throws {
        try await withCheckedThrowingContinuation { (caller: CheckedContinuation<Void, any Error>) in
            queue.async { [self] in
                caller.resume(with: Result { try core.withLock { try load(&$0) } })
            }
        }
    }

    private func load(_ core: inout Core) throws {
        let stored = try store.loadTasks(finished: TaskBoard.finishedLimit, log: TaskBoard.logLimit)
        core.queue.load(stored.unfinished, counts: stored.counts)
        core.sequence = stored.lastSequence
        let records = stored.unfinished.map { core.queue.record($0.record.id) ?? $0.record }
        journal.load {
            $0.tasks.load(
                unfinished: records,
                finished: stored.finished,
                counts: stored.counts,
                logs: stored.logs,
                builtIn: core.queue.builtIn
            )
        }
        core.queue.checkpoint()
        core.queue.keep(routed, of: .celery, holder: CeleryExecutor.client)
        let lost = core.queue.recover(now: clock.now) { kindsByName[$0]?.restartPolicy ?? .requeue }
        try store.write(lost, logLimit: configuration.logLimit)
        journal.publish(contentsOf: lost.compactMap(\.event))
        core.isLoaded = true
    }
}
