/// A task that waits for a worker's word whether it takes it.
package struct TaskOffer: Sendable {
    /// What the worker shows with every word about the task: its ``TaskLease/ticket``.
    package let lease: TaskLease
    package let record: TaskRecord
    /// How long the offer stands; for a worker without deadlines only a figure.
    package let acceptWithin: Milliseconds

    /// An offer of a task by its lease.
    package init(lease: TaskLease, record: TaskRecord, acceptWithin: Milliseconds) {
        self.lease = lease
        self.record = record
        self.acceptWithin = acceptWithin
    }
}
