import Logging
import ServiceLifecycle
import Synchronization

extension CeleryExecutor: Service {
    /// Who waits for the workers' answers, and how the loops are woken.
    struct Inquiries {
        var isOpen = false
        var callers: [CheckedContinuation<CeleryInspection?, Never>] = []
        var asks: AsyncStream<Void>.Continuation?
        var nudges: AsyncStream<Void>.Continuation?
        /// When the alarm rings that was set last.
        var alarmAt: Milliseconds?
    }

    static let away = "Redis is away"
    static let noWorker = "no Celery worker is connected"
    static let queued = "it waits in a Celery queue"

    /// Joins the engine and looks after its tasks on Celery until the server shuts down.
    ///
    /// What is on Celery then stays there, and is watched again after the next start.
    package func run() async throws {
        let (asks, ask) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let (nudges, nudge) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        inquiries.withLock { inquiries in
            inquiries.isOpen = true
            inquiries.asks = ask
            inquiries.nudges = nudge
        }
        redis.onState { [weak self] _ in self?.stateChanged() }
        engine.join(profile, self)
        stateChanged()
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.answer(asks) }
                group.addTask { await self.lookAfter(nudges) }
            }
        }
        let left = inquiries.withLock { inquiries in
            defer { inquiries = Inquiries() }
            return inquiries.callers
        }
        for caller in left { caller.resume(returning: nil) }
    }

    // MARK: - Looking after tasks

    /// Has the loop look whether there is something to do.
    func nudge() { _ = inquiries.withLock { $0.nudges?.yield() } }

    private func lookAfter(_ nudges: AsyncStream<Void>) async {
        for await _ in nudges {
            let now = uptime()
            let isRetry = core.withLock { $0.schedule.retryAt.map { $0 <= now } ?? false }
            if isRetry {
                update { core, now in core.schedule.takeRetry(now) ? core.book.tryAgain() : [] }
            }
            let (next, retry) = core.withLock { ($0.schedule.next($0.book, now), $0.schedule.retryAt) }
            guard let (time, step) = next, time <= now else {
                setAlarm([next?.at, retry].compactMap(\.self).min())
                continue
            }
            // Who has begun needs no asking when all have.
            if step == .search || core.withLock({ $0.book.hasWaiting }) { await take(step) }
            update { core, now in
                core.schedule.done(step, now)
                return []
            }
        }
    }

    private func take(_ step: CelerySchedule.Step) async {
        do {
            let inspection = try await inspector.inspect(step == .look ? [.active] : CeleryCommand.Question.allCases)
            if step == .look {
                update { core, _ in core.book.looked(inspection) }
            } else {
                let known = Set(inspection.activeTasks.keys).union(inspection.heldTasks)
                let missing = core.withLock { $0.book.watched.filter { !known.contains($0.id) } }
                let search = CelerySearch(redis: redis)
                let outcome = try await search.find(missing.map(\.id), queues: Set(missing.map(\.queue)))
                update { core, now in
                    core.book.searched(
                        inspection,
                        found: outcome.found,
                        isWhole: outcome.isWhole,
                        among: Set(missing.map(\.id)),
                        now: now
                    )
                }
            }
            explain(hasWorkers: inspection.asked > 0)
        } catch {
            // Redis has gone or the server stops; either is noticed elsewhere.
            logger.debug("Celery's workers could not be asked", metadata: ["error": "\(error)"])
        }
    }

    private func setAlarm(_ time: Milliseconds?) {
        guard let time else { return }
        let now = uptime()
        let isNew = inquiries.withLock { inquiries in
            if let set = inquiries.alarmAt, set > now, set <= time { return false }
            inquiries.alarmAt = time
            return true
        }
        if isNew { alarm.after(max(1, time - now)) { [weak self] in self?.nudge() } }
    }

    /// Tells the engine why offers wait.
    func explain(hasWorkers: Bool = true) {
        let reason =
            redis.currentState == .away ? Self.away : hasWorkers ? Self.queued : Self.noWorker
        update { [engine] core, _ in
            guard core.waiting != reason else { return [] }
            core.waiting = reason
            engine.explain(client: Self.client, waiting: reason)
            return []
        }
    }
}

extension CeleryExecutor: CeleryWorkers {
    package func inspect() async -> CeleryInspection? {
        guard redis.currentState == .connected else { return nil }
        return await withCheckedContinuation { caller in
            let isTaken = inquiries.withLock { inquiries in
                guard inquiries.isOpen else { return false }
                inquiries.callers.append(caller)
                inquiries.asks?.yield()
                return true
            }
            if !isTaken { caller.resume(returning: nil) }
        }
    }

    package func task(_ id: String) -> String? { core.withLock { $0.book.task(id) } }

    /// Asks once for all who wait.
    private func answer(_ asks: AsyncStream<Void>) async {
        for await _ in asks {
            let callers = inquiries.withLock { inquiries in
                defer { inquiries.callers = [] }
                return inquiries.callers
            }
            guard !callers.isEmpty else { continue }
            let inspection = try? await inspector.inspect(CeleryCommand.Question.allCases)
            for caller in callers { caller.resume(returning: inspection) }
        }
    }
}
