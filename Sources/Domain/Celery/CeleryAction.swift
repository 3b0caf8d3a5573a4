/// What ``CeleryBook`` wants done, in order.
enum CeleryAction: Hashable {
    /// Put the message into the list, unless its mark says that this was done before.
    case enqueue(id: String, list: String, message: [UInt8])
    /// Listen for the result.
    case watch(String)
    /// Listen no more.
    case unwatch(String)
    /// Look whether the result is there already.
    case read(String)
    /// Take the message out of its list, and have the workers stop it.
    case revoke(id: String, list: String, message: [UInt8])
    /// Remove the mark of a task that has ended.
    case forget(String)
    case accept(TaskTicket)
    case reject(TaskTicket, String)
    case progress(TaskTicket, TaskRecord.Progress)
    case log(TaskTicket, LogLevel, String)
    /// Tell the engine the result; what it answers goes to ``CeleryBook/ended(_:_:)``.
    case done(id: String, TaskTicket, JSON)
    /// Tell the engine of the failure, likewise.
    case fail(id: String, TaskTicket, TaskRecord.Failure)
    /// Give the task back as `worker_gone`.
    case release(TaskTicket)
}
