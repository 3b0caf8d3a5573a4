extension TaskQueue {
    /// Takes in a task that somebody has begun already, without the queue; its id must be new.
    ///
    /// Its lease ends by word only. The transitions are its making and its start.
    mutating func begin(
        _ record: TaskRecord,
        sequence: Int,
        by executor: TaskRecord.Executor,
        now: Milliseconds
    ) -> (lease: TaskLease, transitions: [TaskTransition]) {
        let created = TaskTransition(kind: .created, record: record, sequence: sequence)
        var entry = Entry(record: record, sequence: sequence, demand: demand(record))
        let lease = run(&entry, by: executor, now: now)
        count(from: nil, to: .running)
        return (lease, [created, TaskTransition(kind: .started, record: entry.record, sequence: sequence)])
    }

    /// Begins a reported task anew, as another's where it is; `nil` when the lease has ended.
    mutating func beginAgain(
        _ ticket: TaskTicket,
        by executor: TaskRecord.Executor,
        now: Milliseconds
    ) -> (lease: TaskLease, transition: TaskTransition)? {
        guard var (entry, _) = try? entry(of: ticket) else { return nil }
        let lease = run(&entry, by: executor, now: now)
        return (lease, TaskTransition(kind: .started, record: entry.record, sequence: entry.sequence))
    }

    private mutating func run(_ entry: inout Entry, by executor: TaskRecord.Executor, now: Milliseconds) -> TaskLease {
        let lease = TaskLease(
            secret: secret(),
            task: entry.record.id,
            executor: executor,
            holder: executor.client,
            attempt: 1,
            isAccepted: true,
            deadline: nil
        )
        entry.lease = lease
        entry.record.state = .running
        entry.record.attempt = 1
        entry.record.executor = executor
        entry.record.started = now
        entry.record.progress = nil
        set(entry.record.id, entry)
        return lease
    }

    /// Notes that Socket.IO clients hear of this attempt in its reporter's own words.
    mutating func relay(_ id: String) {
        guard var entry = entries[id] else { return }
        entry.record.isRelayed = true
        set(id, entry)
    }

    /// Whether the lease stands and has been accepted.
    func isGood(_ ticket: TaskTicket) -> Bool { (try? entry(of: ticket))?.1.isAccepted ?? false }

    /// What the holder of a lease shows, for somebody who has come by another way; `nil` when it has ended.
    func ticket(task: String, lease: String) -> TaskTicket? {
        guard leases[lease] == task, let held = entries[task]?.lease, held.isAccepted else { return nil }
        return held.ticket
    }

    /// Whether anybody but the server holds anything, so that time may end it.
    var hasLeasesAtWorkers: Bool {
        !held.isEmpty || roster.all.values.contains { !$0.stopping.isEmpty || !$0.pauses.isEmpty }
    }

    /// The workers whose figures may be others than at the last call.
    mutating func takeTouchedWorkers() -> Set<String> { roster.takeTouched() }
}
