/// Tasks of workers that speak only VFrame's `task_start` and `task_update`: nobody submitted them, they are just
/// told of (contracts/vframe.md §4, contracts/realtime.md §6).
///
/// `client` is the id of the worker's connection. Every call returns at once; a task of another client is left alone.
package protocol ReportedTasks: Sendable {
    /// The client runs a task from now on; one of this id that it or another was running begins anew.
    func start(_ uuid: String, by client: String)

    /// How far the task is.
    func progress(_ uuid: String, _ progress: TaskRecord.Progress, by client: String)

    /// The task wrote a line.
    func log(_ uuid: String, _ level: LogLevel, _ message: String, by client: String)

    /// The task has ended with the client's connection: as it should when `isClean`, otherwise the worker was lost.
    func end(_ uuid: String, by client: String, isClean: Bool)
}
