extension TaskEngine: ReportedTasks {
    /// What a worker that only reports has said.
    enum Report: Sendable {
        case start(String, client: String)
        case progress(String, TaskRecord.Progress, client: String)
        case log(String, LogLevel, String, client: String)
        case end(String, client: String, isClean: Bool)
    }

    /// The name of tasks that are known by reports alone (contracts/realtime.md §6).
    package static let reportedName = "vframe"

    package func start(_ uuid: String, by client: String) {
        post(.worker(.report(.start(uuid, client: client))))
    }

    package func progress(_ uuid: String, _ progress: TaskRecord.Progress, by client: String) {
        post(.worker(.report(.progress(uuid, progress, client: client))))
    }

    package func log(_ uuid: String, _ level: LogLevel, _ message: String, by client: String) {
        post(.worker(.report(.log(uuid, level, message, client: client))))
    }

    package func end(_ uuid: String, by client: String, isClean: Bool) {
        post(.worker(.report(.end(uuid, client: client, isClean: isClean))))
    }

    // MARK: - On the engine's queue

    /// Takes a report in; one about a task that has ended, or that is another client's, counts for nothing.
    func hear(_ report: Report, _ core: inout Core, _ batch: inout Batch, _ now: Milliseconds) {
        switch report {
        case .start(let uuid, let client): begin(uuid, client, &core, &batch, now)
        case .progress(let uuid, let progress, let client):
            guard let reporter = reporter(uuid, client, core) else { return }
            try? take(progress, reporter.ticket, isRelayed: true, &core, &batch, now)
        case .log(let uuid, let level, let message, let client):
            guard let reporter = reporter(uuid, client, core) else { return }
            let line = TaskLogLine(at: now, level: level, message: message)
            batch.add((try? core.queue.log(reporter.ticket, line, now: now))?.relayed())
        case .end(let uuid, let client, let isClean):
            guard let reporter = reporter(uuid, client, core) else { return }
            core.desk.reporters[uuid] = nil
            end(reporter, isClean: isClean, &core, &batch, now)
        }
    }

    private func reporter(_ uuid: String, _ client: String, _ core: Core) -> WorkerDesk.Reporter? {
        core.desk.reporters[uuid].flatMap { $0.client == client ? $0 : nil }
    }

    private func begin(
        _ uuid: String,
        _ client: String,
        _ core: inout Core,
        _ batch: inout Batch,
        _ now: Milliseconds
    ) {
        let executor = TaskRecord.Executor(kind: .socketio, client: client)
        if var reporter = core.desk.reporters[uuid], core.queue.isGood(reporter.ticket) {
            reporter.client = client
            if !reporter.isAttached, let again = core.queue.beginAgain(reporter.ticket, by: executor, now: now) {
                core.desk.paces[reporter.ticket.task] = nil
                reporter.ticket = again.lease.ticket
                batch.add(again.transition)
            }
            core.desk.reporters[uuid] = reporter
        } else if let lease = core.queue.lease(uuid), lease.executor.kind == .celery {
            batch.add((try? core.queue.accept(lease.ticket, now: now))??.relayed())
            // From now on, to its end: another end must not follow its reporter's.
            core.queue.relay(uuid)
            core.desk.reporters[uuid] = .init(ticket: lease.ticket, client: client, isAttached: true)
        } else {
            let isFree = Identifier.isValid(uuid) && (try? known(uuid, core, batch)) == .some(nil)
            core.sequence += 1
            var record = TaskRecord(
                id: isFree ? uuid : Identifier.make(),
                name: Self.reportedName,
                attempts: 1,
                created: now
            )
            record.isRelayed = true
            let begun = core.queue.begin(record, sequence: core.sequence, by: executor, now: now)
            for transition in begun.transitions { batch.add(transition) }
            core.desk.reporters[uuid] = .init(ticket: begun.lease.ticket, client: client, isAttached: false)
        }
    }

    private func end(
        _ reporter: WorkerDesk.Reporter,
        isClean: Bool,
        _ core: inout Core,
        _ batch: inout Batch,
        _ now: Milliseconds
    ) {
        let ticket = reporter.ticket
        guard core.queue.isGood(ticket) else { return }
        flushProgress(ticket, &core, &batch)
        if !isClean {
            batch.add((try? core.queue.release(ticket, reason: .workerGone, now: now))??.relayed())
            // Whoever gave the task to the one that is lost must not count on it any more.
            if reporter.isAttached { batch.cancelled.append(ticket) }
        } else if !reporter.isAttached, let result = try? TaskResult(.null) {
            batch.add(try? core.queue.complete(ticket, result: result, now: now))
        }
    }
}
