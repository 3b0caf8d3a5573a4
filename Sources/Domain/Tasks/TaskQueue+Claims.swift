extension TaskQueue {
    /// A task on its way to an executor.
    package struct Claim: Sendable {
        package let lease: TaskLease
        package let record: TaskRecord
        /// The start, to be written and published.
        package let transition: TaskTransition
    }

    /// Takes in a new task, whose id must be new.
    package mutating func enqueue(_ record: TaskRecord, sequence: Int) -> TaskTransition {
        set(record.id, Entry(record: record, sequence: sequence, demand: demand(record)))
        count(from: nil, to: .queued)
        return transition(.created, record.id) ?? TaskTransition(kind: .created, record: record, sequence: sequence)
    }

    /// Offers the next task to an executor; `nil` when there is none for it.
    ///
    /// `capabilities` are a worker's; `nil` stands for the server and its built-in kinds. The offer ends by itself
    /// after ``Times/offer``. No attempt begins before ``accept(_:now:)``.
    package mutating func offer(
        to executor: TaskRecord.Executor,
        capabilities: Set<String>?,
        now: Milliseconds
    ) -> TaskLease? {
        let next = if let capabilities { next(capabilities: capabilities) } else { nextForServer() }
        guard let next else { return nil }
        let deadline = executor.kind == .local ? nil : now + times.offer
        return lend(next, to: executor, holder: executor.client, until: deadline)
    }

    /// Makes a lease on a waiting task for an executor.
    mutating func lend(
        _ entry: Entry,
        to executor: TaskRecord.Executor,
        holder: String?,
        until deadline: Milliseconds?
    ) -> TaskLease {
        var entry = entry
        let lease = TaskLease(
            secret: secret(),
            task: entry.record.id,
            executor: executor,
            holder: holder,
            attempt: entry.record.attempt + 1,
            isAccepted: false,
            deadline: deadline
        )
        entry.lease = lease
        serve(entry)
        set(lease.task, entry)
        return lease
    }

    /// Begins the offered attempt; throws ``TaskError/leaseLost``.
    ///
    /// A lease that was accepted already is renewed, nothing else: then `nil` comes back.
    package mutating func accept(_ ticket: TaskTicket, now: Milliseconds) throws(TaskError) -> TaskTransition? {
        let (held, lease) = try entry(of: ticket)
        guard !lease.isAccepted else {
            try renew(ticket, now: now)
            return nil
        }
        var entry = held
        entry.lease?.isAccepted = true
        entry.lease?.deadline = lease.deadline.map { _ in now + times.lease }
        entry.record.state = .running
        entry.record.attempt = lease.attempt
        entry.record.executor = lease.executor
        entry.record.started = now
        entry.record.isRelayed = false
        set(ticket.task, entry)
        count(from: .queued, to: .running)
        return transition(.started, ticket.task)
    }

    /// Offers and accepts in one step: how the server takes its own tasks.
    package mutating func claim(
        by executor: TaskRecord.Executor,
        capabilities: Set<String>? = nil,
        now: Milliseconds
    ) -> Claim? {
        guard let offer = offer(to: executor, capabilities: capabilities, now: now),
            let transition = try? accept(offer.ticket, now: now), let lease = lease(offer.task)
        else { return nil }
        return Claim(lease: lease, record: transition.record, transition: transition)
    }

    /// The entry that a ticket is good for, with its lease; throws ``TaskError/leaseLost``.
    func entry(of ticket: TaskTicket) throws(TaskError) -> (Entry, TaskLease) {
        guard leases[ticket.lease] == ticket.task, let entry = entries[ticket.task], let lease = entry.lease,
            lease.holder == ticket.client
        else { throw .leaseLost }
        return (entry, lease)
    }

    /// The step as it is to be written, with the task's present record.
    func transition(_ kind: TaskTransition.Kind, _ id: String) -> TaskTransition? {
        entries[id].map { TaskTransition(kind: kind, record: $0.record, sequence: $0.sequence) }
    }
}
