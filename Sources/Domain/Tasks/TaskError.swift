/// Why a request to the task engine was refused; nothing of it was done (contracts/realtime.md §9).
package enum TaskError: Error, Hashable, Sendable {
    /// A built-in kind does not take these parameters.
    case badParams(TaskRecord.Failure)
    /// There is a task of this id with another name.
    case conflict
    /// As many tasks wait as may.
    case limitTasks
    /// There is no task of this id.
    case unknownTask
    /// The lease has ended: expired, withdrawn, requeued, cancelled, another's, or from before a restart.
    case leaseLost
    /// The result is larger than may be sent in one message.
    case resultTooLarge
    /// It is a task of another server, which is away.
    case serverAway
    /// The server takes no more tasks.
    case shuttingDown
    /// The store failed; the text is for the server's log.
    case `internal`(String)
}
