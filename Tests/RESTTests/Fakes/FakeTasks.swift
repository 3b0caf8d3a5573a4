import Domain
import Synchronization

/// Tasks in memory, published to a journal, that nobody runs.
final class FakeTasks: TaskService {
    struct State {
        var tasks: [String: TaskRecord] = [:]
        var logs: [String: [TaskLogLine]] = [:]
        var refusal: TaskError?
        var requests: [TaskRequest] = []
        var results: [String: [UInt8]] = [:]
        /// The good leases, by the task.
        var leases: [String: String] = [:]
        var kept: [String: [UInt8]] = [:]
        var routed: Set<String> = []
    }

    struct Kind: TaskKind {
        let name: String
        let title: String
        let parameters: [String]
        let restartPolicy = TaskRestartPolicy.requeue
        func validate(_ params: JSON) throws(TaskRecord.Failure) {}
        func run(_ context: TaskContext) async throws -> JSON { .null }
    }

    struct Broken: Error {}

    let journal: Journal
    let kinds: [any TaskKind] = [
        Kind(name: "scan", title: "Scan", parameters: ["root"]),
        Kind(name: "long_task", title: "Long task", parameters: ["steps", "delay_ms"]),
    ]
    let state = Mutex(State())
    var routed: Set<String> { state.withLock { $0.routed } }

    init(journal: Journal) {
        self.journal = journal
    }

    func submit(_ request: TaskRequest) async throws(TaskError) -> TaskRecord {
        let result: Result<TaskRecord, TaskError> = state.withLock { state in
            state.requests.append(request)
            if let refusal = state.refusal { return .failure(refusal) }
            if let id = request.id, let known = state.tasks[id] {
                return known.name == request.name ? .success(known) : .failure(.conflict)
            }
            let task = TaskRecord(
                id: request.id ?? "task-\(state.tasks.count + 1)",
                name: request.name,
                params: request.params,
                priority: request.priority,
                attempts: request.attempts,
                requires: request.requires ?? [request.name],
                created: 1000
            )
            state.tasks[task.id] = task
            journal.publish(.taskCreated(task))
            return .success(task)
        }
        return try result.get()
    }

    func cancel(_ id: String) async throws(TaskError) {
        let known = state.withLock { state -> Bool in
            guard var task = state.tasks[id] else { return false }
            // A running task takes its time.
            if task.state == .queued {
                task.state = .cancelled
                state.tasks[id] = task
                journal.publish(.taskFinished(task))
            }
            return true
        }
        guard known else { throw .unknownTask }
    }

    func task(_ id: String) async throws -> TaskRecord? {
        if id == "broken" { throw Broken() }
        return state.withLock { $0.tasks[id] }
    }

    func result(_ id: String) async throws -> [UInt8]? { state.withLock { $0.results[id] } }

    func checkLease(_ lease: String, of task: String) async throws(TaskError) {
        guard state.withLock({ $0.leases[task] }) == lease else { throw .leaseLost }
    }

    func keepResult(_ json: [UInt8], for task: String, lease: String) async throws {
        try JSONParser.check(json)
        try await checkLease(lease, of: task)
        state.withLock { $0.kept[task] = json }
    }

    func log(_ id: String, limit: Int) async throws -> [TaskLogLine] {
        state.withLock { Array(($0.logs[id] ?? []).suffix(limit)) }
    }

    /// Puts a task in as it is.
    func put(_ task: TaskRecord) {
        state.withLock { $0.tasks[task.id] = task }
        journal.publish(.taskCreated(task))
    }
}
