/// What a worker says about a task that it holds a lease on (contracts/realtime.md §6).
package enum WorkerWord: Hashable, Sendable {
    case accept
    /// It does not take the offer, for this reason.
    case reject(String?)
    case progress(TaskRecord.Progress)
    case log(LogLevel, String)
    /// The task is done; `nil` stands for the result that was uploaded before, or for `null`.
    case done(JSON?)
    /// The attempt has failed; without `retry` there is no other.
    case fail(TaskRecord.Failure, retry: Bool)
}
