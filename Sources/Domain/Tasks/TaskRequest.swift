/// What someone asks for when they run a task.
package struct TaskRequest: Hashable, Sendable {
    /// The kind of task, built in or a worker's.
    package var name: String
    /// A JSON object.
    package var params: JSON
    /// -100 to 100.
    package var priority: Int
    /// 1 to 100.
    package var attempts: Int
    /// The capabilities an executor must have; `nil` for what the name says.
    package var requires: [String]?
    /// An id chosen by the client, so that a repeated request is the same task.
    package var id: String?

    /// A request with the defaults of contracts/realtime.md §2.
    package init(
        name: String,
        params: JSON = [:],
        priority: Int = 0,
        attempts: Int = 3,
        requires: [String]? = nil,
        id: String? = nil
    ) {
        self.name = name
        self.params = params
        self.priority = priority
        self.attempts = attempts
        self.requires = requires
        self.id = id
    }
}
