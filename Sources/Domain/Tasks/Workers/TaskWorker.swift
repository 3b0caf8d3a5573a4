/// Somebody who runs tasks for the server.
///
/// Called on the engine's queue, always after what it is told of is on disk; it must be quick and must not wait for
/// the engine.
package protocol TaskWorker: AnyObject, Sendable {
    /// A task for it; it answers by ``WorkerWord/accept`` or ``WorkerWord/reject(_:)``.
    ///
    /// When the lease is accepted already the task has run there since before the server was restarted, and goes on.
    func offered(_ offer: TaskOffer)

    /// The task was cancelled: stop, then say ``WorkerWord/fail(_:retry:)``, until which the slot stays taken.
    func cancelled(_ ticket: TaskTicket)

    /// Its figures are others than before; told at most every ``TaskEngine/Configuration/progressEvery``.
    func statusChanged(_ status: WorkerStatus)
}
