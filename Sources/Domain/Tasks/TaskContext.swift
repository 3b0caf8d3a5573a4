/// What a running task knows and whom it tells.
package struct TaskContext: Sendable {
    package let task: String
    package let params: JSON
    /// From 1.
    package let attempt: Int
    private let report: @Sendable (TaskRecord.Progress) -> Void
    private let write: @Sendable (LogLevel, String) -> Void

    /// A context that hands progress to `report` and log lines to `write`.
    package init(
        task: String,
        params: JSON,
        attempt: Int,
        report: @escaping @Sendable (TaskRecord.Progress) -> Void,
        write: @escaping @Sendable (LogLevel, String) -> Void
    ) {
        self.task = task
        self.params = params
        self.attempt = attempt
        self.report = report
        self.write = write
    }

    /// Says how far the task is; cheap, callers need not thin it.
    package func progress(_ current: Int, of total: Int?, _ message: String) {
        report(TaskRecord.Progress(current: current, total: total, message: message))
    }

    /// Writes a line to the task's log.
    package func log(_ level: LogLevel, _ message: String) {
        write(level, message)
    }
}
