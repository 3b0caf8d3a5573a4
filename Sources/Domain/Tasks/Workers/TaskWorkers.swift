/// Those who run tasks, and what they say; every call returns at once.
package protocol TaskWorkers: Sendable {
    /// Takes a worker in; from now on it is offered what it can do.
    ///
    /// A worker of the same client takes the place of the former one, whose tasks are given back.
    func join(_ profile: WorkerProfile, _ worker: any TaskWorker)

    /// The worker's connection has ended: what it held goes back to the queue as `worker_gone`.
    func leave(client: String)

    /// Takes a worker's word about a task.
    ///
    /// `then` runs on the engine's queue once what the word changed is on disk; of one client's words in the order
    /// in which they were said. It gets ``TaskError/leaseLost`` for a lease that has ended, and
    /// ``TaskError/resultTooLarge``.
    func say(_ word: WorkerWord, _ ticket: TaskTicket, then: (@Sendable (Result<Void, TaskError>) -> Void)?)

    /// Lets all accepted leases of the client last again.
    func heartbeat(client: String)

    /// Gives a task back whose executor has found out by itself that it was lost; nothing when the lease has ended.
    func release(_ ticket: TaskTicket, reason: RequeueReason)
}
