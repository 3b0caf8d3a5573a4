import DequeModule

extension TaskEngine {
    /// Has the queue take one message; what must follow is noted in the batch.
    func apply(_ message: Message, _ core: inout Core, _ batch: inout Batch, _ now: Milliseconds) {
        switch message {
        case .submit(let request, let caller):
            batch.answers.append((caller, submit(request, &core, &batch, now)))
        case .cancel(let id, let caller):
            batch.answers.append((caller, cancel(id, &core, &batch, now)))
        case .report(let run):
            if core.running[run.lease.task]?.run !== run { return }
            if core.isStoreFailing {
                // The alarm is set; until it rings another try would fail as the last one did.
                core.thinned.insert(run.lease.task)
                return
            }
            batch.retries.append(message)
            takeReports(of: run, isLast: false, &core, &batch, now)
        case .ended(let run, let outcome):
            guard core.running[run.lease.task]?.run === run else { return }
            batch.retries.append(message)
            takeReports(of: run, isLast: true, &core, &batch, now)
            end(run, outcome, &core, &batch, now)
        case .worker(let message): hear(message, &core, &batch, now)
        case .upload(let upload, let caller):
            batch.uploads.append((caller, take(upload, &core, &batch, now)))
        case .retire: retire(&core, &batch, now)
        case .wake(let number): wake(number, &core, &batch, now)
        case .open(let feed):
            core.feed = feed
            if core.isClosing { batch.stops += core.running.values.map(\.run) }
        case .close:
            core.isClosing = true
            batch.stops += core.running.values.map(\.run)
        case .closed(let caller):
            core.isClosing = true
            // What was handed out but never begun will not report back.
            let ended = Set(batch.ended.map(\.lease.task))
            for (id, running) in core.running where !ended.contains(id) {
                end(running.run, .stopped, &core, &batch, now)
            }
            retire(&core, &batch, now)
            batch.closers.append(caller)
        }
    }

    // MARK: - Requests

    private func submit(
        _ request: TaskRequest,
        _ core: inout Core,
        _ batch: inout Batch,
        _ now: Milliseconds
    ) -> Result<TaskRecord, TaskError> {
        guard core.isLoaded else { return .failure(.internal("the task engine has not been loaded")) }
        guard !core.isClosing else { return .failure(.shuttingDown) }
        do throws(TaskError) {
            if let id = request.id, let known = try known(id, core, batch) {
                return known.name == request.name ? .success(known) : .failure(.conflict)
            }
        } catch {
            return .failure(error)
        }
        guard core.queue.counts[.queued] < configuration.maxQueued else { return .failure(.limitTasks) }
        core.sequence += 1
        let record = TaskRecord(
            id: request.id ?? Identifier.make(),
            name: request.name,
            params: request.params,
            priority: min(100, max(-100, request.priority)),
            attempts: max(1, request.attempts),
            requires: request.requires ?? [request.name],
            created: now
        )
        let transition = core.queue.enqueue(record, sequence: core.sequence)
        batch.add(transition)
        return .success(transition.record)
    }

    private func cancel(
        _ id: String,
        _ core: inout Core,
        _ batch: inout Batch,
        _ now: Milliseconds
    ) -> Result<TaskRecord, TaskError> {
        do throws(TaskError) {
            guard core.queue.record(id) != nil else {
                guard let ended = try known(id, core, batch) else { return .failure(.unknownTask) }
                return .success(ended)
            }
            let (transition, lease) = try core.queue.cancel(id, now: now)
            batch.add(transition)
            if lease?.executor.kind == .local, let run = core.running[id]?.run { batch.stops.append(run) }
            if let lease, lease.executor.kind != .local { batch.cancelled.append(lease.ticket) }
            guard let record = transition?.record ?? core.queue.record(id) else { return .failure(.unknownTask) }
            return .success(record)
        } catch {
            return .failure(error)
        }
    }

    /// A task by its id, wherever it stands: in the queue, ended in this batch, or ended before.
    func known(_ id: String, _ core: Core, _ batch: Batch) throws(TaskError) -> TaskRecord? {
        if let record = core.queue.record(id) ?? batch.finished[id] { return record }
        do { return try store.endedTask(id) } catch { throw .internal("the store failed: \(error)") }
    }

    // MARK: - Runs

    /// Gives waiting built-in tasks to free slots.
    func claim(_ core: inout Core, _ batch: inout Batch, _ now: Milliseconds) {
        while canClaim(core), let claim = core.queue.claim(by: .local, now: now) {
            batch.add(claim.transition)
            guard let kind = kindsByName[claim.record.name] else { continue }
            let run = LocalRun(lease: claim.lease, params: claim.record.params, kind: kind)
            core.running[claim.record.id] = Core.Running(run: run)
            batch.begun.append(run)
        }
    }

    private func end(
        _ run: LocalRun,
        _ outcome: Outcome,
        _ core: inout Core,
        _ batch: inout Batch,
        _ now: Milliseconds
    ) {
        batch.ended.append(run)
        let ticket = run.lease.ticket
        switch outcome {
        case .returned(let result):
            batch.add(try? core.queue.complete(ticket, result: result, now: now))
        case .failed(let failure, let retry):
            batch.add(try? core.queue.fail(ticket, error: failure, retry: retry, now: now))
        case .stopped:
            // Nobody cancelled the task, so somebody cancelled the service.
            if !core.queue.isCancelling(run.lease.task) { core.isClosing = true }
            batch.add((try? core.queue.release(ticket, reason: .shutdown, now: now)) ?? nil)
        }
    }

    /// Takes what a run has reported; progress only when its time has come, or when it is the last.
    private func takeReports(
        of run: LocalRun,
        isLast: Bool,
        _ core: inout Core,
        _ batch: inout Batch,
        _ now: Milliseconds
    ) {
        let id = run.lease.task
        guard var running = core.running[id] else { return }
        let due = running.published.map { $0 + configuration.progressEvery } ?? now
        // A clock that was set back must not hold progress for long.
        let isDue = isLast || now >= due || running.published.map { now < $0 } ?? false
        let reports = run.take(withProgress: isDue)
        batch.reports.append((run, reports))
        for line in reports.lines { batch.add(try? core.queue.log(run.lease.ticket, line, now: now)) }
        if isDue { core.thinned.remove(id) }
        if let progress = reports.progress {
            let isSaved = running.saved.map { now >= $0 + configuration.progressSavedEvery || now < $0 } ?? true
            batch.add(try? core.queue.progress(run.lease.ticket, progress, now: now), isWritten: isSaved)
            running.published = now
            if isSaved { running.saved = now }
            core.running[id] = running
        } else if !isDue, run.hasProgress {
            core.thinned.insert(id)
            setAlarm(&core, at: due, now)
        }
    }

    private func wake(_ number: Int, _ core: inout Core, _ batch: inout Batch, _ now: Milliseconds) {
        // An earlier alarm has taken the place of any other.
        guard number == core.alarmNumber else { return }
        core.alarmAt = nil
        core.isStoreFailing = false
        let retries = core.retries
        core.retries = []
        for message in retries { apply(message, &core, &batch, now) }
        wakeWorkers(&core, &batch, now)
        for id in core.thinned {
            guard let run = core.running[id]?.run else {
                core.thinned.remove(id)
                continue
            }
            batch.retries.append(.report(run))
            takeReports(of: run, isLast: false, &core, &batch, now)
        }
    }
}
