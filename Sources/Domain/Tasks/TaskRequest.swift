/// A task that somebody wants.
package struct TaskRequest: Hashable, Sendable {
    package var name: String
    package var params: JSON
    package var priority: Int
    package var attempts: Int
    package var requires: [String]?
    package var id: String?

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
