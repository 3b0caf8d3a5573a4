import Domain

/// What is wrong with a client's message (contracts/realtime.md §9); nothing of the message was done.
package struct ProtocolError: Error, Hashable, Sendable {
    package enum Code: String, CaseIterable, Sendable {
        case badJSON = "bad_json"
        case badMessage = "bad_message"
        case unknownType = "unknown_type"
        case tooDeep = "too_deep"
        case tooLarge = "too_large"
        case unknownTopic = "unknown_topic"
        case unknownTask = "unknown_task"
        case conflict
        case forbidden
        case notReady = "not_ready"
        case leaseLost = "lease_lost"
        case limitSubscriptions = "limit_subscriptions"
        case limitTasks = "limit_tasks"
        case rateLimited = "rate_limited"
        case unavailable
        case shuttingDown = "shutting_down"
        case `internal`
    }

    package var code: Code
    /// For people.
    package var message: String
    package var topic: String?
    package var task: String?
    package var lease: String?
    /// The field that is wrong.
    package var field: String?

    package init(
        _ code: Code,
        _ message: String,
        topic: String? = nil,
        task: String? = nil,
        lease: String? = nil,
        field: String? = nil
    ) {
        self.code = code
        self.message = message
        self.topic = topic
        self.task = task
        self.lease = lease
        self.field = field
    }

    /// A field that is missing or wrong.
    static func bad(_ field: String, _ message: String) -> ProtocolError {
        ProtocolError(.badMessage, message, field: field)
    }

    /// The error as a message; `id` is that of the client's message.
    func answer(id: JSON?) -> ServerMessage {
        ServerMessage("error") {
            $0.field("id", id)
            $0.field("code", code.rawValue)
            $0.field("message", message)
            $0.field("topic", topic)
            $0.field("task", task)
            $0.field("lease", lease)
            $0.field("field", field)
        }
    }
}
