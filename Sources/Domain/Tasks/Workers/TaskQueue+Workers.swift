import HeapModule

extension TaskQueue {
    // MARK: - Coming and going

    /// Takes a worker in that holds nothing; from now on ``assign(now:)`` serves it.
    package mutating func join(_ profile: WorkerProfile) {
        roster.insert(profile)
        unsettle(within: profile.capabilities)
    }

    /// Has the offers of a worker say something else of why they wait.
    mutating func explain(client: String, waiting: String?) -> [TaskTransition] {
        guard let profile = roster[client]?.profile, profile.waiting != waiting else { return [] }
        roster.update(client) { $0.profile.waiting = waiting }
        return (held[client] ?? []).sorted().compactMap { task in
            guard let entry = entries[task], entry.record.state == .queued else { return nil }
            set(task, entry)
            return transition(.waiting, task)
        }
    }

    /// Forgets a worker that holds nothing any more.
    mutating func forget(worker: String) {
        guard let worker = roster.remove(worker) else { return }
        unsettle(within: worker.profile.capabilities)
    }

    /// How a worker fares; `nil` for one that is not here.
    package func status(of client: String) -> WorkerStatus? {
        guard let worker = roster[client] else { return nil }
        var status = WorkerStatus()
        let tasks = held[client] ?? []
        status.tasks = tasks.filter { entries[$0]?.lease?.isAccepted == true }.sorted()
        status.busy = tasks.count + worker.stopping.count
        status.done = worker.done
        status.failed = worker.failed
        status.lastError = worker.lastError
        return status
    }

    // MARK: - Offers

    /// Offers waiting tasks to workers until no worker with a free slot can do any of them.
    ///
    /// Of the workers with a free slot those come first that have the fewest slots taken, then those that can do less,
    /// then those that joined first.
    package mutating func assign(now: Milliseconds) -> [TaskOffer] {
        guard backlog.waitsForWorkers else { return [] }
        var free = Heap(roster.all.compactMap { client, worker in candidate(client, worker) })
        var offers: [TaskOffer] = []
        while backlog.waitsForWorkers, var candidate = free.popMin(), let worker = roster[candidate.client] {
            let pauses = worker.pauses
            let profile = worker.profile
            let next = next(capabilities: profile.capabilities) { pauses[$0] != nil }
            guard let next else { continue }
            let deadline = profile.hasDeadlines ? now + times.offer : nil
            let lease = lend(next, to: profile.executor, holder: profile.client, until: deadline)
            offers.append(
                TaskOffer(lease: lease, record: entries[lease.task]?.record ?? next.record, acceptWithin: times.offer)
            )
            candidate.busy += 1
            if candidate.busy < profile.slots { free.insert(candidate) }
        }
        return offers
    }

    /// Whether what is offered to a worker says something else of why it waits than other tasks.
    func hasOwnReason(_ client: String?) -> Bool { client.flatMap { roster[$0]?.profile.waiting } != nil }

    private struct Candidate: Comparable {
        let client: String
        var busy: Int
        let capabilities: Int
        let number: Int

        static func < (left: Candidate, right: Candidate) -> Bool {
            (left.busy, left.capabilities, left.number) < (right.busy, right.capabilities, right.number)
        }
    }

    private func candidate(_ client: String, _ worker: WorkerRoster.Worker) -> Candidate? {
        let busy = busy(client, worker)
        guard busy < worker.profile.slots else { return nil }
        let capabilities = worker.profile.capabilities.count
        return Candidate(client: client, busy: busy, capabilities: capabilities, number: worker.number)
    }

    /// How many slots of a worker are taken.
    private func busy(_ client: String, _ worker: WorkerRoster.Worker) -> Int {
        (held[client]?.count ?? 0) + worker.stopping.count
    }

    /// Takes a worker's no to an offer; throws ``TaskError/leaseLost``.
    ///
    /// For a moment it is not offered tasks of that demand. A task that it had accepted already has failed there.
    package mutating func reject(
        _ ticket: TaskTicket,
        reason: String?,
        now: Milliseconds
    ) throws(TaskError) -> TaskTransition? {
        let (entry, lease) = try entry(of: ticket)
        guard !lease.isAccepted else {
            let error = TaskRecord.Failure(code: "rejected", message: reason ?? "its worker gave it back")
            return try fail(ticket, error: error, retry: true, now: now)
        }
        pause(lease.holder, entry.demand, now: now)
        return try release(ticket, reason: .workerFailed, now: now)
    }

    /// Frees the slot of a cancelled task that the worker has stopped; whether there was such a slot.
    package mutating func stopped(_ ticket: TaskTicket) -> Bool {
        guard let client = ticket.client, roster[client]?.stopping[ticket.lease]?.task == ticket.task else {
            return false
        }
        roster.update(client) { $0.stopping[ticket.lease] = nil }
        return true
    }

    /// Frees the slot of a cancelled task that the worker had not accepted and now knows to be gone.
    mutating func stoppedBeforeStart(_ ticket: TaskTicket) {
        guard let client = ticket.client, roster[client]?.stopping[ticket.lease]?.isAccepted == false else { return }
        _ = stopped(ticket)
    }

    /// Lets a worker alone with a demand for a while.
    mutating func pause(_ client: String?, _ demand: TaskBacklog.Demand, now: Milliseconds) {
        roster.update(client) { $0.pauses[demand] = now + times.pause }
        reasons.unsettle(demand)
    }

    /// Ends the pauses, and frees the slots of cancelled tasks, whose time is over.
    mutating func endPauses(now: Milliseconds) {
        for demand in roster.endPauses(now: now) { reasons.unsettle(demand) }
    }

    // MARK: - Reasons

    /// Looks at all that may have changed since the last call: the events that tell what tasks wait for now.
    package mutating func settle() -> [Event] {
        for client in roster.touched {
            guard let worker = roster[client] else { continue }
            let isFree = busy(client, worker) < worker.profile.slots
            guard worker.wasFree != isFree else { continue }
            roster.setWasFree(client, isFree)
            unsettle(within: worker.profile.capabilities)
        }
        return reasons.takeUnsettled().compactMap { demand in
            guard case .worker(let needed) = demand else { return nil }
            // What is all on offer has no reason to wait.
            let reason = backlog.holds(demand) ? reason(for: demand) : nil
            return reasons.tell(demand, reason) ? .tasksWaiting(requires: needed, waiting: reason) : nil
        }
    }

    private mutating func unsettle(within capabilities: Set<String>) {
        for demand in backlog.demands(within: capabilities) { reasons.unsettle(demand) }
    }

    /// Why tasks of a demand wait; `nil` when a worker is free for them, or when they run in the server.
    func reason(for demand: TaskBacklog.Demand) -> String? {
        guard case .worker(let needed) = demand else { return nil }
        var isOffered = false
        var isDeclined = false
        for (client, worker) in roster.all where needed.isSubset(of: worker.profile.capabilities) {
            isOffered = true
            guard busy(client, worker) < worker.profile.slots else { continue }
            guard worker.pauses[demand] != nil else { return nil }
            isDeclined = true
        }
        let names = needed.sorted().joined(separator: ", ")
        guard isOffered else { return needed.isEmpty ? "no worker is connected" : "no worker offers \(names)" }
        let workers = needed.isEmpty ? "every worker" : "every worker that offers \(names)"
        return isDeclined ? "\(workers) is busy or has declined" : "\(workers) is busy"
    }
}
