/// A kind of task that runs inside the server.
package protocol TaskKind: Sendable {
    /// The name by which clients run it.
    var name: String { get }
    /// What people call it.
    var title: String { get }
    /// The names of its parameters, for indexes of kinds.
    var parameters: [String] { get }
    /// What becomes of a task that was running when the server was killed.
    var restartPolicy: TaskRestartPolicy { get }
    /// Whether only one task of the kind runs at a time; the others wait and let tasks of other kinds pass.
    var isExclusive: Bool { get }

    /// Checks parameters before a task is made.
    ///
    /// Throws a failure with code `bad_params` that says what is wrong.
    func validate(_ params: JSON) throws(TaskRecord.Failure)

    /// Does the work and returns the result.
    ///
    /// Work that blocks a thread or fills a core must leave the calling thread (it belongs to everyone). Cancelling
    /// is `Task` cancellation: check it often and throw `CancellationError`. Throws ``TaskRecord/Failure`` or
    /// ``TaskAbort``; any other error becomes a failure with code `internal`.
    func run(_ context: TaskContext) async throws -> JSON
}

extension TaskKind {
    package var isExclusive: Bool { false }
}

/// What becomes of a running task when the server dies.
package enum TaskRestartPolicy: Sendable {
    /// It goes back to the queue, as long as it has attempts left.
    case requeue
    /// It ends as failed.
    case fail
}

/// A failure that another attempt would not mend: the task ends as failed at once.
package struct TaskAbort: Error, Sendable {
    package let failure: TaskRecord.Failure

    package init(_ failure: TaskRecord.Failure) {
        self.failure = failure
    }
}
