/// The workers that have joined, with what is known of each besides the tasks that it holds.
struct WorkerRoster: Sendable {
    /// One worker.
    struct Worker: Sendable {
        var profile: WorkerProfile
        /// Its number in the order of joining.
        let number: Int
        /// Leases of cancelled tasks whose slots stay taken until the worker has stopped, by their secrets.
        var stopping: [String: TaskLease] = [:]
        /// Until when it is not offered tasks of a demand, because it let one pass.
        var pauses: [TaskBacklog.Demand: Milliseconds] = [:]
        var done = 0
        var failed = 0
        var lastError: String?
        /// Whether it had a free slot when the reasons of waiting tasks were last settled.
        var wasFree = false

        /// Counts an attempt that it failed at.
        mutating func fail(_ error: TaskRecord.Failure) {
            failed += 1
            lastError = error.message.isEmpty ? error.code : error.message
        }
    }

    private var workers: [String: Worker] = [:]
    private var joined = 0
    /// The workers about which something has changed since this was emptied.
    private(set) var touched: Set<String> = []

    var isEmpty: Bool { workers.isEmpty }

    /// The workers' ids.
    var clients: some Sequence<String> { workers.keys }

    /// All workers by their ids.
    var all: [String: Worker] { workers }

    subscript(client: String) -> Worker? { workers[client] }

    mutating func insert(_ profile: WorkerProfile) {
        joined += 1
        workers[profile.client] = Worker(profile: profile, number: joined)
        touched.insert(profile.client)
    }

    /// Takes a worker out; returns what was known of it.
    @discardableResult
    mutating func remove(_ client: String) -> Worker? {
        touched.remove(client)
        return workers.removeValue(forKey: client)
    }

    /// Changes what is known of a worker, if it is there.
    mutating func update(_ client: String?, _ body: (inout Worker) -> Void) {
        guard let client, workers[client] != nil else { return }
        body(&workers[client, default: Worker(profile: .nobody, number: 0)])
        touched.insert(client)
    }

    mutating func touch(_ client: String) {
        if workers[client] != nil { touched.insert(client) }
    }

    mutating func touchAll() { touched = Set(workers.keys) }

    /// The workers about which something has changed since the last call.
    mutating func takeTouched() -> Set<String> {
        defer { touched = [] }
        return touched
    }

    /// When the next pause, or the next slot of a cancelled task, ends by itself.
    var nextDeadline: Milliseconds? {
        workers.values.lazy.flatMap { worker in
            worker.stopping.values.compactMap(\.deadline) + worker.pauses.values
        }.min()
    }

    /// Ends what is over at `now`; returns the demands whose pauses have ended.
    mutating func endPauses(now: Milliseconds) -> [TaskBacklog.Demand] {
        var demands: [TaskBacklog.Demand] = []
        for (client, worker) in workers {
            let over = worker.pauses.filter { $0.value <= now }.map(\.key)
            let stopped = worker.stopping.filter { $0.value.deadline.map { $0 <= now } ?? false }.map(\.key)
            guard !over.isEmpty || !stopped.isEmpty else { continue }
            update(client) { worker in
                for demand in over { worker.pauses[demand] = nil }
                for secret in stopped { worker.stopping[secret] = nil }
            }
            demands += over
        }
        return demands
    }

    /// Has pauses, and the slots of cancelled tasks, end so much later.
    mutating func moveDeadlines(by step: Milliseconds) {
        for client in Array(workers.keys) {
            update(client) { worker in
                worker.pauses = worker.pauses.mapValues { $0 + step }
                worker.stopping = worker.stopping.mapValues { lease in
                    var lease = lease
                    lease.deadline = lease.deadline.map { $0 + step }
                    return lease
                }
            }
        }
    }

    mutating func setWasFree(_ client: String, _ isFree: Bool) { workers[client]?.wasFree = isFree }
}

extension WorkerProfile {
    /// A worker that takes nothing.
    fileprivate static let nobody = WorkerProfile(client: "", executor: .local, capabilities: [], slots: 0)
}
