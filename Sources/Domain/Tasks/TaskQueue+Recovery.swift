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

    /// Decides about the tasks that ran when the server was killed, by the policy of their name.
    ///
    /// Call it once, after ``load(_:counts:)`` and before any claim: whatever runs then has nobody who runs it.
    package mutating func recover(now: Milliseconds, policy: (String) -> TaskRestartPolicy) -> [TaskTransition] {
        let lost = entries.values.filter { $0.record.state == .running }.sorted { $0.sequence < $1.sequence }
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
