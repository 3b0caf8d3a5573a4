package import OrderedCollections

/// What the Celery workers say of themselves: by question, each worker's list (contracts/socketio.md §8, inspect).
package struct CeleryInspection: Hashable, Sendable {
    package typealias Lists = OrderedDictionary<String, JSON>

    /// What runs, by worker.
    package var active: Lists = [:]
    /// What workers hold and have not begun.
    package var reserved: Lists = [:]
    /// What workers hold until a time of day.
    package var scheduled: Lists = [:]
    /// How many workers were asked, as far as Redis knows.
    package var asked = 0
    /// Whether every one of them has answered every question.
    package var isComplete = false

    package init() {}

    /// The ids on Celery of all tasks in it.
    package var ids: Set<String> { heldTasks.union(activeTasks.keys) }

    /// The ids of what runs, with the worker that runs it.
    var activeTasks: [String: String] {
        var tasks: [String: String] = [:]
        for (worker, list) in active {
            for entry in list.array ?? [] {
                if let id = entry["id"]?.string { tasks[id] = worker }
            }
        }
        return tasks
    }

    /// The ids of what workers hold and do not run.
    var heldTasks: Set<String> {
        var tasks: Set<String> = []
        for list in Array(reserved.values) + Array(scheduled.values) {
            for entry in list.array ?? [] {
                if let id = (entry["request"] ?? entry)["id"]?.string { tasks.insert(id) }
            }
        }
        return tasks
    }

    /// The workers that have answered.
    var workers: Set<String> { Set(active.keys).union(reserved.keys).union(scheduled.keys) }

    /// Takes in what one worker, or several, replied; what is no list is passed over.
    mutating func take(_ question: CeleryCommand.Question, _ reply: JSON) {
        for (worker, value) in reply.object ?? [:] {
            guard case .array = value else { continue }
            switch question {
            case .active: active[worker] = value
            case .reserved: reserved[worker] = value
            case .scheduled: scheduled[worker] = value
            }
        }
    }
}

/// Who can ask the Celery workers what they do.
package protocol CeleryWorkers: Sendable {
    /// Asks all of them and waits a second at most; `nil` while Redis is away.
    func inspect() async -> CeleryInspection?

    /// Our task behind an id on Celery, of those that are under way.
    func task(_ id: String) -> String?
}
