extension TaskQueue {
    /// An unfinished task as the store holds it.
    package struct Stored: Sendable {
        package var record: TaskRecord
        package var sequence: Int
        package var isCancelling: Bool
    }

    /// Takes over at start what the store holds: its unfinished tasks, and how many there are in each state.
    package mutating func load(_ tasks: [Stored], counts: TaskCounts) {
        for task in tasks {
            var entry = Entry(record: task.record, sequence: task.sequence, demand: demand(task.record))
            entry.isCancelling = task.isCancelling
            set(task.record.id, entry)
        }
        load(counts: counts)
    }

    /// Keeps the tasks running that an executor of `kind` ran, who goes on without the server.
    ///
    /// `holder` holds them again.
    /// Call it before ``recover(now:policy:)``; tasks of names that are not in `names` are left to that.
    package mutating func keep(_ names: Set<String>, of kind: TaskRecord.Executor.Kind, holder: String) {
        for (id, held) in entries {
            guard held.record.state == .running, names.contains(held.record.name),
                let executor = held.record.executor, executor.kind == kind
            else { continue }
            var entry = held
            entry.lease = TaskLease(
                secret: secret(),
                task: id,
                executor: executor,
                holder: holder,
                attempt: entry.record.attempt,
                isAccepted: true,
                deadline: nil
            )
            set(id, entry)
        }
    }

    /// The tasks that a worker holds when it joins: those that were kept for it, in the order of creation.
    mutating func kept(for client: String, acceptWithin: Milliseconds) -> [TaskOffer] {
        let tasks = (held[client] ?? []).compactMap { entries[$0] }.sorted { $0.sequence < $1.sequence }
        return tasks.compactMap { entry in
            entry.lease.map { TaskOffer(lease: $0, record: entry.record, acceptWithin: acceptWithin) }
        }
    }

    /// Decides about the tasks that ran when the server was killed, by the policy of their name.
    ///
    /// Call it once, after ``load(_:counts:)`` and before any claim: what runs then on no lease has nobody who runs it.
    package mutating func recover(now: Milliseconds, policy: (String) -> TaskRestartPolicy) -> [TaskTransition] {
        let lost = entries.values.filter { $0.record.state == .running && $0.lease == nil }
            .sorted { $0.sequence < $1.sequence }
        return lost.map { entry in
            endAttempt(
                entry,
                reason: .restart,
                error: Self.loss(.restart),
                retry: policy(entry.record.name) == .requeue,
                now: now
            )
        }
    }
}
