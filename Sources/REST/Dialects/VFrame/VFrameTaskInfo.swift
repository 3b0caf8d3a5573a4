import Domain
import OrderedCollections

/// What Celery's `inspect` tells of its workers, told of ours (contracts/vframe.md §3, `task/info`).
enum VFrameTaskInfo {
    /// The name of this server as a worker.
    static let worker = "vitrine@\(ProcessStatistics.hostName)"

    /// `active`, `queued` and `scheduled`, each by worker; nothing of ours waits for a time of day.
    static func json(_ tasks: [TaskRecord]) -> JSON {
        let active = tasks.filter { $0.state == .running }.map(entry)
        let queued = tasks.filter { $0.state == .queued }.map(entry)
        return [
            "active": .object([worker: .array(active)]),
            "queued": .object([worker: .array(queued)]),
            "scheduled": .object([worker: []]),
        ]
    }

    private static func entry(_ task: TaskRecord) -> JSON {
        let isLocal = task.executor?.kind == .local
        return [
            "id": .string(task.id),
            "name": .string(task.name),
            "type": .string(task.name),
            "args": [],
            "kwargs": task.params,
            "hostname": .string(worker),
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
