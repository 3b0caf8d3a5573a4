import Domain
import OrderedCollections

/// What Celery's `inspect` tells of its workers, told of ours (contracts/vframe.md §3, `task/info`).
enum VFrameTaskInfo {
    /// The name of this server as a worker.
    static let worker = "vitrine@\(ProcessStatistics.hostName)"

    /// `active`, `queued` and `scheduled`, each by worker; nothing of ours waits for a time of day.
    static func json(_ tasks: [TaskRecord]) -> JSON {
        var active: OrderedDictionary<String, [JSON]> = [worker: []]
        var queued = active
        for task in tasks {
            switch task.state {
            case .running: active[name(task), default: []].append(entry(task))
            case .queued: queued[name(task), default: []].append(entry(task))
            case .done, .failed, .cancelled: break
            }
        }
        return [
            "active": .object(active.mapValues(JSON.array)),
            "queued": .object(queued.mapValues(JSON.array)),
            "scheduled": .object([worker: []]),
        ]
    }

    /// The name as a worker of the server whose task it is.
    private static func name(_ task: TaskRecord) -> String { task.server.map { "vitrine@\($0)" } ?? worker }

    /// The same with what Celery's workers say of themselves, each under its own name.
    static func json(_ tasks: [TaskRecord], with celery: CeleryInspection) -> JSON {
        let theirs = [("active", celery.active), ("queued", celery.reserved), ("scheduled", celery.scheduled)]
        guard case .object(var members) = json(tasks) else { return [:] }
        for (name, lists) in theirs {
            guard case .object(let ours)? = members[name] else { continue }
            members[name] = .object(ours.merging(lists, uniquingKeysWith: { ours, _ in ours }))
        }
        return .object(members)
    }

    /// How the index lists a task that only Celery runs: VFrame's own by its words.
    static func routed(_ name: String) -> JSON {
        let title: String =
            switch name {
            case "download_model": "Download model"
            case "update_index": "Update index"
            case "long_task": "Long task"
            default: name
            }
        return ["key": .string(name), "title": .string(title), "params": name == "download_model" ? ["name"] : []]
    }

    private static func entry(_ task: TaskRecord) -> JSON {
        let isLocal = task.executor?.kind == .local && task.server == nil
        return [
            "id": .string(task.id),
            "name": .string(task.name),
            "type": .string(task.name),
            "args": [],
            "kwargs": task.params,
            "hostname": .string(name(task)),
            "time_start": task.started.map { .double(Double($0) / 1000) } ?? .null,
            "acknowledged": .bool(task.state == .running),
            "delivery_info": [
                "exchange": "",
                "priority": .int(Int64(task.priority)),
                "redelivered": .bool(task.attempt > 1),
                "routing_key": "celery",
            ],
            "worker_pid": isLocal ? .int(Int64(ProcessStatistics.identifier)) : .null,
        ]
    }
}
