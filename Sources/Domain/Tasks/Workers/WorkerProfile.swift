/// What somebody who runs tasks for the server says of itself when it joins (contracts/realtime.md §6).
package struct WorkerProfile: Hashable, Sendable {
    /// Names it in every ticket: a connected client's id, or a word of its own for an executor without a connection.
    package var client: String
    /// How it is shown in the tasks that it runs.
    package var executor: TaskRecord.Executor
    /// It gets tasks that require none but these.
    package var capabilities: Set<String>
    /// How many tasks it takes at once; with 0 it gets none.
    package var slots: Int
    /// Whether offers and leases end by themselves; without that they end by word only.
    package var hasDeadlines: Bool
    /// What a task that is offered to it and not accepted yet says of why it is not running.
    package var waiting: String?

    /// A worker with the deadlines of the contract.
    package init(
        client: String,
        executor: TaskRecord.Executor,
        capabilities: Set<String>,
        slots: Int,
        hasDeadlines: Bool = true,
        waiting: String? = nil
    ) {
        self.client = client
        self.executor = executor
        self.capabilities = capabilities
        self.slots = slots
        self.hasDeadlines = hasDeadlines
        self.waiting = waiting
    }
}
