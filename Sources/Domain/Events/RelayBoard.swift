package import OrderedCollections

/// What the tasks that others run have last said of themselves: VFrame's `active_tasks` (contracts/vframe.md §4).
///
/// Folded from the room messages `task_start`, `task_update` and `task_end`; past ``limit`` the oldest is forgotten.
package struct RelayBoard: Sendable {
    /// How many tasks are kept.
    package static let limit = 10_000
    /// The names of the events that it is folded from.
    package static let events: Set<String> = ["task_start", "task_update", "task_end"]

    /// Of each active task the newest data of every type, oldest task first.
    package private(set) var tasks: OrderedDictionary<String, OrderedDictionary<String, JSON>> = [:]
    /// The processes that told of those tasks that no worker of ours told of.
    package private(set) var origins: [String: String] = [:]

    /// No tasks.
    package init() {}

    /// Folds one event in that happened in the process `origin`, `nil` for this one.
    ///
    /// Others than messages about tasks change nothing.
    package mutating func apply(_ event: Event, from origin: String? = nil) {
        guard case .roomMessage(let message) = event, message.isAboutTasks, let data = message.arguments.first,
            let uuid = data["uuid"]?.string
        else { return }
        switch message.event {
        case "task_start":
            tasks.removeValue(forKey: uuid)
            tasks[uuid] = [:]
            origins[uuid] = origin
            if tasks.count > Self.limit { origins[tasks.removeFirst().key] = nil }
        case "task_update":
            guard tasks[uuid] != nil, let type = data["type"]?.string else { return }
            tasks[uuid]?[type] = data["data"] ?? .null
        case "task_end":
            tasks.removeValue(forKey: uuid)
            origins[uuid] = nil
        default: break
        }
    }

    /// The tasks that the process `origin` told of, oldest first.
    package func tasks(from origin: String) -> [String] {
        tasks.keys.filter { origins[$0] == origin }
    }
}
