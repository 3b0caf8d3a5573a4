/// What a caller asks for when it wants a task to run (contracts/realtime.md §2, `task.run`).
///
/// The bounds of the fields are the caller's to check: a name of 1 to 128 characters, `params` of at most 64 KiB,
/// a priority of -100 to 100, 1 to 100 attempts.
package struct TaskRequest: Hashable, Sendable {
    package var name: String
    /// A JSON object.
    package var params: JSON
    package var priority: Int
    /// How many attempts there may be; less than one counts as one.
    package var attempts: Int
    /// The capabilities a worker must have; `nil` means the name alone.
    package var requires: [String]?
    /// The caller's own id, by which it may repeat the request; `nil` means a fresh UUID.
    package var id: String?

    /// A request with the contract's defaults.
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
