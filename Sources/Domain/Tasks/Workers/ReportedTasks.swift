/// Tasks of workers that only report what they do, after the fact (contracts/vframe.md §4, realtime.md §6 last item).
///
/// Every call returns at once. `client` is whose connection the report came by; of a task only its reporter's words
/// count.
package protocol ReportedTasks: Sendable {
    /// The client has begun the task `uuid`.
    ///
    /// An unfinished task of the server's that an executor has put into its own queue is begun by that. Otherwise it
    /// is a task of its own named `vframe`; one that runs already begins anew. When `uuid` is no valid id, or that of
    /// another task, the task gets a fresh id here.
    func start(_ uuid: String, by client: String)

    /// How far the client's task is.
    func progress(_ uuid: String, _ progress: TaskRecord.Progress, by client: String)

    /// A line for the log of the client's task.
    func log(_ uuid: String, _ level: LogLevel, _ message: String, by client: String)

    /// The client's part in the task is over: `isClean` when it said goodbye, otherwise its connection was lost.
    func end(_ uuid: String, by client: String, isClean: Bool)
}
