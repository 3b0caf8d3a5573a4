import Logging

extension TaskEngine {
    /// What the serial queue works on.
    struct Core {
        /// A run in progress.
        struct Running {
            let run: LocalRun
            /// When its progress was last published, and last written.
            var published: Milliseconds?
            var saved: Milliseconds?
        }

        var queue: TaskQueue
        var isLoaded = false
        var isClosing = false
        /// The number of the newest task.
        var sequence = 0
        var running: [String: Running] = [:]
        /// Where runs begin, while ``TaskEngine/run()`` takes them.
        var feed: AsyncStream<LocalRun>.Continuation?
        var desk = WorkerDesk()
        /// What workers said while the store failed; nothing of theirs overtakes it.
        var held: [WorkerMessage] = []
        /// Whether workers get nothing more to do.
        var isRetired = false
        /// Runs whose progress waits for its time.
        var thinned: Set<String> = []
        /// Messages about runs that wait until the store works again.
        var retries: [Message] = []
        /// How far the wall clock was ahead of ``TaskEngine/uptime`` when deadlines were last right.
        var clockLead: Milliseconds?
        /// When the alarm rings, and which one it is.
        var alarmAt: Milliseconds?
        var alarmNumber = 0
        /// Whether claiming waits until the store works again.
        var isStoreFailing = false
    }

    /// What one transaction and the time after it hold.
    struct Batch {
        var transitions: [TaskTransition] = []
        /// Those of the transitions that the store must know.
        var writes: [TaskTransition] = []
        var finished: [String: TaskRecord] = [:]
        var begun: [LocalRun] = []
        var ended: [LocalRun] = []
        var reports: [(LocalRun, LocalRun.Reports)] = []
        var retries: [Message] = []
        var answers: [(CheckedContinuation<Result<TaskRecord, TaskError>, Never>, Result<TaskRecord, TaskError>)] = []
        var stops: [LocalRun] = []
        /// Everything of the workers' that is in it, to be taken in again when it cannot be written.
        var words: [WorkerMessage] = []
        var replies: [(Answer, Result<Void, TaskError>)] = []
        var offers: [TaskOffer] = []
        var cancelled: [TaskTicket] = []
        /// Results that others have taken the place of.
        var dropped: [UploadedResult] = []
        var uploads: [(UploadCaller, Result<Void, TaskError>)] = []
        var closers: [CheckedContinuation<Void, Never>] = []

        mutating func add(_ transition: TaskTransition?, isWritten: Bool = true) {
            guard let transition else { return }
            transitions.append(transition)
            if isWritten { writes.append(transition) }
            if case .finished = transition.kind { finished[transition.record.id] = transition.record }
        }
    }

    /// Whether a slot is free and a built-in task waits.
    func canClaim(_ core: Core) -> Bool {
        core.feed != nil && !core.isClosing && !core.isStoreFailing && core.running.count < configuration.slots
            && core.queue.hasWorkForServer
    }

    /// Applies messages, writes, publishes, answers.
    func process(_ messages: [Message], _ core: inout Core) {
        var batch = Batch()
        let now = followClock(&core)
        core.queue.checkpoint()
        let desk = core.desk
        claim(&core, &batch, now)
        for message in messages { apply(message, &core, &batch, now) }
        offer(&core, &batch, now)
        let reasons = core.queue.settle()
        do {
            try store.write(batch.writes, logLimit: configuration.logLimit)
        } catch {
            core.desk = desk
            undo(batch, because: error, &core)
            return
        }
        core.isStoreFailing = false
        journal.publish(contentsOf: batch.transitions.compactMap(\.event) + reasons)
        for run in batch.ended {
            core.running[run.lease.task] = nil
            core.thinned.remove(run.lease.task)
        }
        for run in batch.stops { run.stop() }
        for run in batch.begun { core.feed?.yield(run) }
        tellWorkers(batch, &core, now)
        for (caller, answer) in batch.answers { caller.resume(returning: answer) }
        finishWhenClosed(&core)
        for caller in batch.closers { caller.resume() }
    }

    /// Forgets a batch that could not be written: callers hear of it, what runs reported is tried again later.
    private func undo(_ batch: Batch, because error: any Error, _ core: inout Core) {
        logger.error("tasks could not be written", metadata: ["error": "\(error)"])
        core.queue.rollback()
        for run in batch.begun { core.running[run.lease.task] = nil }
        for (run, reports) in batch.reports { run.putBack(reports) }
        for (caller, answer) in batch.answers {
            caller.resume(returning: answer.flatMap { _ in .failure(.internal("the store failed: \(error)")) })
        }
        if core.isClosing {
            // The next start finds these tasks as running and recovers them.
            for run in batch.ended { core.running[run.lease.task] = nil }
            for running in core.running.values { running.run.stop() }
            refuse(batch.words)
            finishWhenClosed(&core)
        } else {
            core.isStoreFailing = true
            // Nothing was held back before what the batch took in.
            core.held = batch.words + core.held
            for message in batch.retries {
                // What a run reports waits in the run: noting once that it does keeps the list short.
                if case .report(let run) = message {
                    core.thinned.insert(run.lease.task)
                } else {
                    core.retries.append(message)
                }
            }
            setAlarm(&core, at: clock.now + configuration.storeRetryAfter, clock.now)
        }
        for (caller, _) in batch.uploads { caller.resume(returning: .failure(.internal("the store failed: \(error)"))) }
        for caller in batch.closers { caller.resume() }
    }

    /// The wall clock's time; what ends by itself is noted by it, and moves along when somebody has set the clock.
    private func followClock(_ core: inout Core) -> Milliseconds {
        let before = uptime()
        let now = clock.now
        // Time that passes between the two looks is no step of the clock.
        guard uptime() - before < Self.clockTolerance else { return now }
        let lead = now - before
        let step = lead - (core.clockLead ?? lead)
        // What a clock is slewed by adds up to a step in time.
        guard core.clockLead == nil || abs(step) >= Self.clockTolerance else { return now }
        core.clockLead = lead
        guard step != 0 else { return now }
        core.queue.moveDeadlines(by: step)
        // It rings when it would have: were it left, a clock set back would have a later alarm take its place.
        core.alarmAt = core.alarmAt.map { $0 + step }
        return now
    }

    /// The least step of the wall clock that counts as one, in milliseconds.
    private static let clockTolerance = 1_000

    private func finishWhenClosed(_ core: inout Core) {
        guard core.isClosing, core.running.isEmpty else { return }
        core.feed?.finish()
        core.feed = nil
    }

    /// Has ``Message/wake(_:)`` come at a time, unless one comes before that anyway.
    func setAlarm(_ core: inout Core, at time: Milliseconds, _ now: Milliseconds) {
        if let set = core.alarmAt, set <= time { return }
        core.alarmAt = time
        core.alarmNumber += 1
        alarm.after(max(0, time - now)) { [weak self, number = core.alarmNumber] in self?.post(.wake(number)) }
    }
}
