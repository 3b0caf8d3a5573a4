package import Domain

/// No tasks at all, for servers that run none.
package struct NoTasks: TaskCommands {
    /// Nothing to be made.
    package init() {}

    package func submit(_ request: TaskRequest) async throws -> TaskRecord {
        throw TaskError.shuttingDown
    }

    package func cancel(_ id: String) async throws {
        throw TaskError.unknownTask
    }

    package func finishedTask(_ id: String) async throws -> TaskState? { nil }
}
