/// What the store remembers of finished tasks, as the hub asks for it.
package protocol FinishedTasks: Sendable {
    /// The state of a finished task; `nil` when there is none or it has not finished.
    func finishedTask(_ id: String) async throws -> TaskState?
}
