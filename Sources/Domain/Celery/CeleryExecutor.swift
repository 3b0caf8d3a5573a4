import Dispatch
package import Logging
import ServiceLifecycle
import Synchronization

/// Runs tasks on Celery: a worker of the task engine whose work is done by Celery's workers (contracts/socketio.md §8).
///
/// An offer is put into its queue and accepted when Celery is seen to run it. What it ends with comes from the result
/// backend. While Redis is away everything waits; after a restart what was enqueued is watched again, not enqueued
/// again. ``CeleryBook`` has the rules, this does what they say; one serial queue keeps the order.
package final class CeleryExecutor: TaskWorker {
    /// What goes to Celery, and how.
    package struct Configuration: Sendable {
        /// Which tasks go where.
        package var routes: [CeleryRoute]
        /// The address that VFrame's tasks report to.
        package var endpoint: String
        /// How long a task may be nowhere before it counts as lost.
        package var lostAfter: Milliseconds
        /// How many tasks may be in Celery's queues and with its workers; the others wait here, in their order.
        package var slots = 1_000

        /// The defaults for these routes.
        package init(routes: [CeleryRoute], endpoint: String, lostAfter: Milliseconds = 60_000) {
            self.routes = routes
            self.endpoint = endpoint
            self.lostAfter = lostAfter
        }
    }

    struct Core {
        var book: CeleryBook
        var subscriptions: [String: RedisSubscription] = [:]
        var schedule: CelerySchedule
        /// Why Redis took no message the last time, for the log.
        var refusal: String?
        var waiting: String?
    }

    /// Our name in the engine's tickets.
    static let client = "celery"

    let configuration: Configuration
    let redis: RedisClient
    let engine: any TaskExecutors
    let logger: Logger
    let alarm: TaskAlarm
    /// A clock that never goes back.
    let uptime: @Sendable () -> Milliseconds
    let inspector: CeleryInspector
    let inquiries = Mutex(Inquiries())
    private let queue = DispatchQueue(label: "celery", qos: .userInitiated)
    /// Changed on `queue` only.
    let core: Mutex<Core>

    /// An executor that does nothing before ``run()``.
    package init(
        configuration: Configuration,
        redis: RedisClient,
        engine: any TaskExecutors,
        clock: WallClock = .system,
        uptime: @escaping @Sendable () -> Milliseconds = RedisConfiguration.uptime,
        alarm: TaskAlarm = .system,
        logger: Logger = Logger(label: "celery")
    ) {
        self.configuration = configuration
        self.redis = redis
        self.engine = engine
        self.logger = logger
        self.alarm = alarm
        self.uptime = uptime
        inspector = CeleryInspector(redis: redis, clock: clock, sleep: LongTaskKind.sleep)
        core = Mutex(
            Core(
                book: CeleryBook(
                    routes: configuration.routes,
                    endpoint: configuration.endpoint,
                    origin: "vitrine@\(ProcessStatistics.hostName)",
                    lostAfter: configuration.lostAfter
                ),
                schedule: CelerySchedule(lostAfter: configuration.lostAfter)
            )
        )
    }

    /// How we join the engine.
    var profile: WorkerProfile {
        WorkerProfile(
            client: Self.client,
            executor: TaskRecord.Executor(kind: .celery, name: "celery"),
            capabilities: Set(configuration.routes.map(\.name)),
            slots: configuration.slots,
            hasDeadlines: false,
            waiting: Self.away
        )
    }

    /// How many tasks are with Celery now.
    package var taskCount: Int { core.withLock { $0.book.attempts.count } }

    // MARK: - TaskWorker

    package func offered(_ offer: TaskOffer) {
        update { core, now in
            core.schedule.hurry(now)
            return core.book.offered(offer)
        }
    }

    package func cancelled(_ ticket: TaskTicket) {
        update { core, _ in core.book.cancelled(ticket) }
    }

    package func statusChanged(_ status: WorkerStatus) {}

    // MARK: - The serial queue

    /// Changes the book on the serial queue and does what follows from it.
    func update(_ change: @escaping @Sendable (inout Core, Milliseconds) -> [CeleryAction]) {
        queue.async { [self] in
            let actions = core.withLock { change(&$0, uptime()) }
            for action in actions { perform(action) }
            nudge()
        }
    }

    /// Has Redis's present state taken in.
    func stateChanged() {
        update { [redis] core, now in
            guard redis.currentState == .connected else {
                core.book.away()
                return []
            }
            core.schedule.hurry(now)
            return core.book.connected()
        }
        explain()
    }

    // MARK: - What is done

    private func perform(_ action: CeleryAction) {
        switch action {
        case .enqueue(let id, let list, let message):
            enqueue(id, CeleryScripts.enqueue(id: id, list: list, message: message))
        case .watch(let id): watch(id)
        case .unwatch(let id):
            guard let subscription = core.withLock({ $0.subscriptions.removeValue(forKey: id) }) else { return }
            redis.unsubscribe(subscription)
        case .read(let id): read(id)
        case .revoke(let id, let list, let message):
            // A worker that is not there never hears of it: what still waits is taken out.
            redis.send(RedisCommand("LREM", list, 0, message)) { [weak self] answer in
                if case .failure = answer { self?.revoked(id, isDone: false) }
            }
            let channel = CeleryKeys.commands(database: redis.address.database)
            redis.send(RedisCommand("PUBLISH", channel, CeleryCommand.revoke(id))) { [weak self] answer in
                self?.revoked(id, isDone: (try? answer.get()) != nil)
            }
        case .forget(let id): redis.send(RedisCommand("DEL", CeleryKeys.mark(id))) { _ in }
        case .accept(let ticket): engine.say(.accept, ticket, then: nil)
        case .reject(let ticket, let reason): engine.say(.reject(reason), ticket, then: nil)
        case .progress(let ticket, let progress): engine.say(.progress(progress), ticket, then: nil)
        case .log(let ticket, let level, let text): engine.say(.log(level, text), ticket, then: nil)
        case .done(let id, let ticket, let value): end(id, .done(value), ticket)
        case .fail(let id, let ticket, let failure): end(id, .fail(failure, retry: false), ticket)
        case .release(let ticket): engine.release(ticket, reason: .workerGone)
        }
    }

    private func revoked(_ id: String, isDone: Bool) {
        update { core, now in
            if !isDone { core.schedule.retry(now) }
            return core.book.revoked(id, isDone: isDone)
        }
    }

    private func enqueue(_ id: String, _ command: RedisCommand) {
        redis.send(command) { [weak self, logger] answer in
            self?.update { core, now in
                var refusal: String?
                if case .failure(.refused(let reason)) = answer {
                    refusal = reason
                    if core.refusal != reason {
                        logger.error("Redis takes no tasks for Celery", metadata: ["reason": "\(reason)"])
                    }
                }
                core.refusal = refusal
                let isTaken = (try? answer.get()) != nil
                if !isTaken { core.schedule.retry(now) }
                core.book.enqueued(id, isTaken: isTaken)
                return []
            }
        }
    }

    private func watch(_ id: String) {
        let subscription = redis.subscribe([CeleryKeys.result(id)]) { [weak self] _, message in
            self?.heard(id, message, isNews: true)
        } onState: { [weak self] state in
            // What was published before this moment is read where it was kept.
            if state == .connected { self?.read(id) }
        }
        core.withLock { $0.subscriptions[id] = subscription }
    }

    private func read(_ id: String) {
        redis.send(RedisCommand("GET", CeleryKeys.result(id))) { [weak self] answer in
            guard case .success(let value) = answer, let bytes = value.bytes else { return }
            self?.heard(id, bytes, isNews: false)
        }
    }

    private func heard(_ id: String, _ bytes: [UInt8], isNews: Bool) {
        update { core, _ in core.book.heard(id, CeleryResult(bytes), isNews: isNews) }
    }

    private func end(_ id: String, _ word: WorkerWord, _ ticket: TaskTicket) {
        engine.say(word, ticket) { [weak self] answer in
            self?.update { core, _ in core.book.ended(id, answer) }
        }
    }
}
