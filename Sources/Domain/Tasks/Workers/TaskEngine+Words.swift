extension TaskEngine {
    /// How many reports may wait while the store fails; of more only beginnings and ends are kept.
    private static let reportsLimit = 10_000

    /// Takes in what a worker said or what became of it; while the store fails it waits.
    func hear(_ message: WorkerMessage, _ core: inout Core, _ batch: inout Batch, _ now: Milliseconds) {
        guard core.held.isEmpty, !core.isStoreFailing else {
            if core.held.count < Self.reportsLimit || message.isLasting { core.held.append(message) }
            return
        }
        batch.words.append(message)
        switch message {
        case .join(let profile, let worker): join(profile, worker, &core, &batch, now)
        case .leave(let client): leave(client, &core, &batch, now)
        case .say(let word, let ticket, let answer):
            let result = hear(word, ticket, &core, &batch, now)
            if let answer { batch.replies.append((answer, result)) }
        case .explain(let client, let waiting):
            for transition in core.queue.explain(client: client, waiting: waiting) {
                batch.add(transition, isWritten: false)
            }
        case .heartbeat(let client): core.queue.renew(client: client, now: now)
        case .release(let ticket, let reason):
            if !core.queue.stopped(ticket) {
                batch.add((try? core.queue.release(ticket, reason: reason, now: now)) ?? nil)
            }
        case .report(let report): hear(report, &core, &batch, now)
        }
    }

    private func join(
        _ profile: WorkerProfile,
        _ worker: any TaskWorker,
        _ core: inout Core,
        _ batch: inout Batch,
        _ now: Milliseconds
    ) {
        leave(profile.client, &core, &batch, now)
        core.queue.join(profile)
        core.desk.peers[profile.client] = WorkerDesk.Peer(worker: worker)
        batch.offers += core.queue.kept(for: profile.client, acceptWithin: configuration.times.offer)
    }

    private func leave(_ client: String, _ core: inout Core, _ batch: inout Batch, _ now: Milliseconds) {
        guard core.desk.peers.removeValue(forKey: client) != nil else { return }
        for transition in core.queue.release(client: client, now: now).transitions { batch.add(transition) }
    }

    // MARK: - Words about tasks

    private func hear(
        _ word: Word,
        _ ticket: TaskTicket,
        _ core: inout Core,
        _ batch: inout Batch,
        _ now: Milliseconds
    ) -> Result<Void, TaskError> {
        do throws(TaskError) {
            switch word {
            case .accept:
                core.queue.stoppedBeforeStart(ticket)
                batch.add(try core.queue.accept(ticket, now: now))
            case .reject(let reason):
                if core.queue.stopped(ticket) { break }
                batch.add(try core.queue.reject(ticket, reason: reason, now: now))
            case .progress(let progress): try take(progress, ticket, &core, &batch, now)
            case .log(let level, let message):
                let line = TaskLogLine(at: now, level: level, message: message)
                batch.add(try core.queue.log(ticket, line, now: now))
            case .done(let result): try finish(ticket, result, &core, &batch, now)
            case .fail(let failure, let retry):
                if core.queue.stopped(ticket) { break }
                flushProgress(ticket, &core, &batch)
                batch.add(try core.queue.fail(ticket, error: failure, retry: retry, now: now))
            }
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    private func finish(
        _ ticket: TaskTicket,
        _ result: Result<TaskResult, TaskRecord.Failure>?,
        _ core: inout Core,
        _ batch: inout Batch,
        _ now: Milliseconds
    ) throws(TaskError) {
        _ = core.queue.stopped(ticket)
        try core.queue.renew(ticket, now: now)
        let value: TaskResult
        switch result {
        case .success(let given)?: value = given
        case .failure?: throw .resultTooLarge
        case nil: value = try uploadedResult(ticket, core)
        }
        flushProgress(ticket, &core, &batch)
        batch.add(try core.queue.complete(ticket, result: value, now: now))
    }

    /// Notes how far a task is; told and written only when its time has come (contracts/realtime.md §3, G6).
    func take(
        _ progress: TaskRecord.Progress,
        _ ticket: TaskTicket,
        isRelayed: Bool = false,
        _ core: inout Core,
        _ batch: inout Batch,
        _ now: Milliseconds
    ) throws(TaskError) {
        let transition = try core.queue.progress(ticket, progress, now: now)
        guard var pace = core.desk.paces[ticket.task], pace.lease == ticket.lease, now >= pace.told else {
            core.desk.paces[ticket.task] = WorkerDesk.Pace(lease: ticket.lease, told: now, saved: now)
            return batch.add(isRelayed ? transition.relayed() : transition)
        }
        pace.isRelayed = isRelayed
        pace.isWaiting = now < pace.told + configuration.progressEvery
        if pace.isWaiting {
            setAlarm(&core, at: pace.told + configuration.progressEvery, now)
        } else {
            tell(transition, &pace, &batch, now)
        }
        core.desk.paces[ticket.task] = pace
    }

    private func tell(
        _ transition: TaskTransition,
        _ pace: inout WorkerDesk.Pace,
        _ batch: inout Batch,
        _ now: Milliseconds
    ) {
        let isSaved = now >= pace.saved + configuration.progressSavedEvery
        batch.add(pace.isRelayed ? transition.relayed() : transition, isWritten: isSaved)
        pace.told = now
        if isSaved { pace.saved = now }
        pace.isWaiting = false
    }

    /// Tells the last progress of a task that is about to end, which is written with its end.
    func flushProgress(_ ticket: TaskTicket, _ core: inout Core, _ batch: inout Batch) {
        guard let pace = core.desk.paces[ticket.task], pace.lease == ticket.lease, pace.isWaiting,
            let transition = core.queue.transition(.progressed, ticket.task)
        else { return }
        batch.add(pace.isRelayed ? transition.relayed() : transition, isWritten: false)
        core.desk.paces[ticket.task]?.isWaiting = false
    }

    // MARK: - Time

    /// Goes on with what was held back, ends what is over, and tells the progress whose time has come.
    func wakeWorkers(_ core: inout Core, _ batch: inout Batch, _ now: Milliseconds) {
        let held = core.held
        core.held = []
        for message in held { hear(message, &core, &batch, now) }
        for transition in core.queue.expire(now: now).transitions { batch.add(transition) }
        for (task, var pace) in core.desk.paces where pace.isWaiting {
            let due = pace.told + configuration.progressEvery
            guard now >= due || now < pace.told else {
                setAlarm(&core, at: due, now)
                continue
            }
            guard core.queue.lease(task)?.secret == pace.lease,
                let transition = core.queue.transition(.progressed, task)
            else { continue }
            tell(transition, &pace, &batch, now)
            core.desk.paces[task] = pace
        }
        if let deadline = core.queue.nextDeadline { setAlarm(&core, at: deadline, now) }
    }

    /// Has workers hold nothing more; it costs no attempt.
    func retire(_ core: inout Core, _ batch: inout Batch, _ now: Milliseconds) {
        core.isRetired = true
        batch.retries.append(.retire)
        for transition in core.queue.releaseWorkers(reason: .shutdown, now: now).transitions { batch.add(transition) }
    }

    /// Answers words that will never be taken in.
    func refuse(_ words: [WorkerMessage]) {
        for case .say(_, _, let answer?) in words { answer(.failure(.shuttingDown)) }
    }
}

extension TaskEngine.WorkerMessage {
    /// Whether leaving it out would leave something wrong behind; sessions bound how many of these can wait.
    var isLasting: Bool {
        switch self {
        case .report(.progress), .report(.log), .heartbeat: false
        default: true
        }
    }
}
