extension TaskQueue {
    /// What happened to leases that ended without their holder's word.
    package struct Ended: Sendable {
        /// The leases, offers included, that are no longer good.
        package var leases: [TaskLease] = []
        package var transitions: [TaskTransition] = []
    }

    // MARK: - While it runs

    /// Lets a lease last again from now; throws ``TaskError/leaseLost``.
    package mutating func renew(_ ticket: TaskTicket, now: Milliseconds) throws(TaskError) {
        let (_, lease) = try entry(of: ticket)
        if lease.isAccepted, lease.deadline != nil { setDeadline(ticket.task, now + times.lease) }
    }

    /// Lets all accepted leases of a client last again from now.
    package mutating func renew(client: String, now: Milliseconds) {
        for task in held[client] ?? [] {
            if let lease = entries[task]?.lease, lease.isAccepted, lease.deadline != nil {
                setDeadline(task, now + times.lease)
            }
        }
    }

    /// Notes how far the task is and renews the lease; throws ``TaskError/leaseLost``, also before the accept.
    package mutating func progress(
        _ ticket: TaskTicket,
        _ progress: TaskRecord.Progress,
        now: Milliseconds
    ) throws(TaskError) -> TaskTransition {
        let entry = try running(ticket)
        try renew(ticket, now: now)
        setProgress(ticket.task, progress)
        return transition(.progressed, ticket.task)
            ?? TaskTransition(kind: .progressed, record: entry.record, sequence: entry.sequence)
    }

    /// Takes a line for the task's log and renews the lease; throws ``TaskError/leaseLost``, also before the accept.
    package mutating func log(
        _ ticket: TaskTicket,
        _ line: TaskLogLine,
        now: Milliseconds
    ) throws(TaskError) -> TaskTransition {
        let entry = try running(ticket)
        try renew(ticket, now: now)
        return TaskTransition(kind: .logged(line), record: entry.record, sequence: entry.sequence)
    }

    // MARK: - How it ends

    /// Ends the task as done; throws ``TaskError/leaseLost``.
    ///
    /// A task that was being cancelled ends as cancelled and the result is dropped.
    package mutating func complete(
        _ ticket: TaskTicket,
        result: TaskResult,
        now: Milliseconds
    ) throws(TaskError) -> TaskTransition {
        var entry = try running(ticket)
        guard !entry.isCancelling else { return finish(entry, .cancelled, now: now) }
        roster.update(ticket.client) { $0.done += 1 }
        entry.record.result = result.inline
        entry.record.resultSize = result.sizeWhenLarge
        return finish(entry, .done, result: result.encoded, now: now)
    }

    /// Ends the attempt as failed; throws ``TaskError/leaseLost``.
    ///
    /// With `retry` and attempts left the task goes back to the queue, otherwise it ends as failed with `error`.
    package mutating func fail(
        _ ticket: TaskTicket,
        error: TaskRecord.Failure,
        retry: Bool,
        now: Milliseconds
    ) throws(TaskError) -> TaskTransition {
        let entry = try running(ticket)
        roster.update(ticket.client) { $0.fail(error) }
        let reason: RequeueReason = entry.lease?.executor.kind == .local ? .failed : .workerFailed
        return endAttempt(entry, reason: reason, error: error, retry: retry, now: now)
    }

    /// Gives the task back; throws ``TaskError/leaseLost``.
    ///
    /// An offer is withdrawn: no attempt was counted, and only when the task has another reason to wait than before
    /// a transition comes back. With `shutdown` the attempt costs nothing;
    /// any other reason ends it, and after the last one the task ends as failed.
    package mutating func release(
        _ ticket: TaskTicket,
        reason: RequeueReason,
        now: Milliseconds
    ) throws(TaskError) -> TaskTransition? {
        let (held, lease) = try entry(of: ticket)
        guard lease.isAccepted else {
            var entry = held
            entry.lease = nil
            set(ticket.task, entry)
            return hasOwnReason(lease.holder) ? transition(.waiting, ticket.task) : nil
        }
        return endAttempt(held, reason: reason, error: Self.loss(reason), retry: true, now: now)
    }

    /// Forgets a worker and gives back all that it holds, because its connection ended.
    package mutating func release(client: String, now: Milliseconds) -> Ended {
        let ended = end(inOrder(held[client] ?? []), reason: .workerGone, now: now)
        forget(worker: client)
        return ended
    }

    /// Gives back all that workers hold; tasks of those who only report stay with them.
    package mutating func releaseWorkers(reason: RequeueReason, now: Milliseconds) -> Ended {
        // Who has no deadlines goes on without us; its tasks are taken up again after the next start.
        let clients = roster.all.values.map(\.profile).filter(\.hasDeadlines).map(\.client)
        return end(inOrder(clients.flatMap { held[$0] ?? [] }), reason: reason, now: now)
    }

    /// Tasks in the order of creation.
    private func inOrder(_ tasks: some Sequence<String>) -> [String] {
        tasks.sorted { entries[$0]?.sequence ?? 0 < entries[$1]?.sequence ?? 0 }
    }

    /// Ends the leases and offers whose time is over at `now`.
    package mutating func expire(now: Milliseconds) -> Ended {
        let over = leases.values.filter { task in
            guard let deadline = entries[task]?.lease?.deadline else { return false }
            return deadline <= now
        }
        for task in over {
            guard let entry = entries[task], let lease = entry.lease else { continue }
            if lease.isAccepted {
                roster.update(lease.holder) { $0.fail(Self.loss(.leaseExpired)) }
            } else {
                pause(lease.holder, entry.demand, now: now)
            }
        }
        endPauses(now: now)
        return end(inOrder(over), reason: .leaseExpired, now: now)
    }

    /// Has everything that ends by itself end so much later, because the clock was set.
    mutating func moveDeadlines(by step: Milliseconds) {
        for task in leases.values {
            if let deadline = entries[task]?.lease?.deadline { setDeadline(task, deadline + step) }
        }
        roster.moveDeadlines(by: step)
    }

    /// When the next lease or offer ends by itself.
    package var nextDeadline: Milliseconds? {
        [leases.values.lazy.compactMap { entries[$0]?.lease?.deadline }.min(), roster.nextDeadline]
            .compactMap(\.self).min()
    }

    // MARK: - Cancelling

    /// Cancels an unfinished task; throws ``TaskError/unknownTask`` for any other.
    ///
    /// Queued and leased tasks end at once; one that runs in the server ends when its code stops. The lease that
    /// comes back is the one whose holder must be told. A second call changes nothing and returns no transition.
    package mutating func cancel(
        _ id: String,
        now: Milliseconds
    ) throws(TaskError) -> (transition: TaskTransition?, lease: TaskLease?) {
        guard var entry = entries[id] else { throw .unknownTask }
        guard let lease = entry.lease, lease.isAccepted, lease.executor.kind == .local else {
            let lease = entry.lease
            let transition = finish(entry, .cancelled, now: now)
            if let lease { roster.update(lease.holder) { $0.stopping[lease.secret] = lease } }
            return (transition, lease)
        }
        guard !entry.isCancelling else { return (nil, lease) }
        entry.isCancelling = true
        set(id, entry)
        return (transition(.cancelling, id), lease)
    }

    // MARK: - Steps

    private func running(_ ticket: TaskTicket) throws(TaskError) -> Entry {
        let (entry, lease) = try entry(of: ticket)
        guard lease.isAccepted else { throw .leaseLost }
        return entry
    }

    private mutating func end(_ tasks: [String], reason: RequeueReason, now: Milliseconds) -> Ended {
        var ended = Ended()
        for task in tasks {
            guard let lease = entries[task]?.lease else { continue }
            ended.leases.append(lease)
            if let transition = try? release(lease.ticket, reason: reason, now: now) {
                ended.transitions.append(transition)
            }
        }
        return ended
    }

    /// What a task that ran out of attempts died of.
    static func loss(_ reason: RequeueReason) -> TaskRecord.Failure {
        switch reason {
        case .leaseExpired:
            TaskRecord.Failure(code: "lease_expired", message: "its executor fell silent")
        case .restart:
            TaskRecord.Failure(code: "worker_lost", message: "the server stopped while it ran")
        case .workerGone, .workerFailed, .failed, .shutdown:
            TaskRecord.Failure(code: "worker_lost", message: "its executor went away")
        }
    }

    /// Ends an attempt: back to the queue when it may be tried again, otherwise the task ends with `error`.
    mutating func endAttempt(
        _ entry: Entry,
        reason: RequeueReason,
        error: TaskRecord.Failure,
        retry: Bool,
        now: Milliseconds
    ) -> TaskTransition {
        guard !entry.isCancelling else { return finish(entry, .cancelled, now: now) }
        let isFree = reason == .shutdown
        guard retry, isFree || entry.record.attempt < entry.record.attempts else {
            var entry = entry
            entry.record.error = error
            return finish(entry, .failed, now: now)
        }
        var entry = entry
        let attempt = entry.record.attempt
        if isFree { entry.record.attempt -= 1 }
        entry.record.state = .queued
        entry.record.executor = nil
        entry.record.progress = nil
        entry.record.started = nil
        entry.lease = nil
        set(entry.record.id, entry)
        count(from: .running, to: .queued)
        reasons.repeatReason(of: entry.demand)
        let kind = TaskTransition.Kind.requeued(attempt: attempt, reason: reason)
        return transition(kind, entry.record.id)
            ?? TaskTransition(kind: kind, record: entry.record, sequence: entry.sequence)
    }

    private mutating func finish(
        _ entry: Entry,
        _ state: TaskRecord.State,
        result: [UInt8]? = nil,
        now: Milliseconds
    ) -> TaskTransition {
        var record = entry.record
        count(from: record.state, to: state)
        record.state = state
        record.waiting = nil
        record.finished = now
        set(record.id, nil)
        return TaskTransition(kind: .finished(result: result), record: record, sequence: entry.sequence)
    }
}
