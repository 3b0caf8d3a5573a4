/// No tasks at all, for servers that run none.
package struct NoTasks: FinishedTasks {
    /// Nothing to be remembered.
    package init() {}

    package func finishedTask(_ id: String) async throws -> TaskState? { nil }
}
