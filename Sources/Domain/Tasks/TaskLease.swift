/// The right to run one attempt of one task, given to one executor (contracts/realtime.md §6).
package struct TaskLease: Hashable, Sendable {
    /// What the holder shows with every message about the task; never used before.
    package let secret: String
    package let task: String
    package let executor: TaskRecord.Executor
    /// The worker that holds it (``WorkerProfile/client``); `nil` for the server itself.
    package let holder: String?
    /// The attempt it is for, from 1.
    package let attempt: Int
    /// Whether the holder has accepted; until then it is an offer and the task still counts as queued.
    package var isAccepted: Bool
    /// When it ends by itself; `nil` for the server's own, which end with the process.
    package var deadline: Milliseconds?

    /// A lease as the queue makes it.
    package init(
        secret: String,
        task: String,
        executor: TaskRecord.Executor,
        holder: String?,
        attempt: Int,
        isAccepted: Bool,
        deadline: Milliseconds?
    ) {
        self.secret = secret
        self.task = task
        self.executor = executor
        self.holder = holder
        self.attempt = attempt
        self.isAccepted = isAccepted
        self.deadline = deadline
    }

    /// What the holder shows to act on it.
    package var ticket: TaskTicket { TaskTicket(task: task, lease: secret, client: holder) }
}

/// What comes with a message about a leased task: which task, which lease, and whose connection it came by.
package struct TaskTicket: Hashable, Sendable {
    package let task: String
    package let lease: String
    /// The client's id; `nil` for the server's own executor.
    package let client: String?

    package init(task: String, lease: String, client: String?) {
        self.task = task
        self.lease = lease
        self.client = client
    }
}
