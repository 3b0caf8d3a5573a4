package import OrderedCollections

/// What the tasks that others run have last said of themselves: VFrame's `active_tasks` (contracts/vframe.md §4).
///
/// Folded from the room messages `task_start`, `task_update` and `task_end`. Workers fill it, so it is bounded: past
/// ``limit`` or ``bytesLimit`` the oldest task is forgotten.
package struct RelayBoard: Sendable {
    /// How many tasks are kept.
    package static let limit = 10_000
    /// How many types of one task are kept; further ones are not.
    package static let typesLimit = 64
    /// The greatest data that is kept, in bytes of JSON; of a type that says more nothing is.
    package static let dataLimit = 256 * 1024
    /// How many bytes all tasks together may keep.
    package static let bytesLimit = 64 * 1024 * 1024
    /// The names of the events that it is folded from.
    package static let events: Set<String> = ["task_start", "task_update", "task_end"]

    /// Of each active task the newest data of every type, oldest task first.
    package private(set) var tasks: OrderedDictionary<String, OrderedDictionary<String, JSON>> = [:]
    /// The processes that told of those tasks that no worker of ours told of.
    package private(set) var origins: [String: String] = [:]
    /// The bytes of each type of each task.
    private var sizes: [String: [String: Int]] = [:]
    private var bytes = 0

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
            forget(uuid)
            tasks[uuid] = [:]
            origins[uuid] = origin
            shrink()
        case "task_update":
            guard tasks[uuid] != nil, let type = data["type"]?.string else { return }
            keep(data["data"] ?? .null, as: type, of: uuid)
            shrink()
        case "task_end":
            forget(uuid)
        default: break
        }
    }

    private mutating func keep(_ data: JSON, as type: String, of uuid: String) {
        bytes -= sizes[uuid]?.removeValue(forKey: type) ?? 0
        let size = type.utf8.count + data.encoded.count
        let isNew = tasks[uuid]?[type] == nil
        guard size <= Self.dataLimit, !isNew || (tasks[uuid]?.count ?? 0) < Self.typesLimit else {
            tasks[uuid]?.removeValue(forKey: type)
            return
        }
        tasks[uuid]?[type] = data
        sizes[uuid, default: [:]][type] = size
        bytes += size
    }

    private mutating func forget(_ uuid: String) {
        tasks.removeValue(forKey: uuid)
        origins[uuid] = nil
        bytes -= sizes.removeValue(forKey: uuid)?.values.reduce(0, +) ?? 0
    }

    private mutating func shrink() {
        while tasks.count > Self.limit || bytes > Self.bytesLimit, let oldest = tasks.keys.first { forget(oldest) }
    }

    /// The tasks that the process `origin` told of, oldest first.
    package func tasks(from origin: String) -> [String] {
        tasks.keys.filter { origins[$0] == origin }
    }
}
