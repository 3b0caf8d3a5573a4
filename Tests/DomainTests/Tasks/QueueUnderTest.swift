@testable import Domain

/// A queue behind a reference, since expectations cannot hold verbs that change a value.
final class QueueUnderTest {
    private var queue: TaskQueue

    init(_ queue: TaskQueue) { self.queue = queue }

    var counts: TaskCounts { queue.counts }
    var placesKept: Int { queue.placesKept }
    var nextDeadline: Int? { queue.nextDeadline }

    /// What is told of reasons to wait, as `capabilities: reason`, in order.
    func settle() -> [String] {
        queue.settle().map { event in
            guard case .tasksWaiting(let requires, let waiting) = event else { return "another event" }
            return "\(requires.sorted().joined(separator: ", ")): \(waiting ?? "nil")"
        }.sorted()
    }

    func join(_ profile: WorkerProfile) { queue.join(profile) }
    func assign(now: Int) -> [TaskOffer] { queue.assign(now: now) }
    func status(_ client: String) -> WorkerStatus? { queue.status(of: client) }
    func stopped(_ ticket: TaskTicket) -> Bool { queue.stopped(ticket) }
    func checkpoint() { queue.checkpoint() }
    func rollback() { queue.rollback() }
    func releaseWorkers(reason: RequeueReason, now: Int) -> TaskQueue.Ended {
        queue.releaseWorkers(reason: reason, now: now)
    }

    func reject(_ ticket: TaskTicket, reason: String?, now: Int) throws(TaskError) -> TaskTransition? {
        try queue.reject(ticket, reason: reason, now: now)
    }

    func record(_ id: String) -> TaskRecord? { queue.record(id) }
    func lease(_ id: String) -> TaskLease? { queue.lease(id) }
    func enqueue(_ record: TaskRecord, sequence: Int) { _ = queue.enqueue(record, sequence: sequence) }
    func join(worker: String, capabilities: Set<String>) {
        queue.join(
            WorkerProfile(
                client: worker,
                executor: .init(kind: .peer, client: worker),
                capabilities: capabilities,
                slots: 1
            )
        )
    }
    func load(_ tasks: [TaskQueue.Stored], counts: TaskCounts) { queue.load(tasks, counts: counts) }
    func expire(now: Int) -> TaskQueue.Ended { queue.expire(now: now) }
    func release(client: String, now: Int) -> TaskQueue.Ended { queue.release(client: client, now: now) }
    func renew(client: String, now: Int) { queue.renew(client: client, now: now) }

    func recover(now: Int, policy: (String) -> TaskRestartPolicy) -> [TaskTransition] {
        queue.recover(now: now, policy: policy)
    }

    func offer(to executor: TaskRecord.Executor, capabilities: Set<String>?, now: Int) -> TaskLease? {
        queue.offer(to: executor, capabilities: capabilities, now: now)
    }

    func claim(by executor: TaskRecord.Executor, capabilities: Set<String>? = nil, now: Int) -> TaskQueue.Claim? {
        queue.claim(by: executor, capabilities: capabilities, now: now)
    }

    func accept(_ ticket: TaskTicket, now: Int) throws(TaskError) -> TaskTransition? {
        try queue.accept(ticket, now: now)
    }

    func renew(_ ticket: TaskTicket, now: Int) throws(TaskError) { try queue.renew(ticket, now: now) }

    func progress(
        _ ticket: TaskTicket,
        _ progress: TaskRecord.Progress,
        now: Int
    ) throws(TaskError) -> TaskTransition {
        try queue.progress(ticket, progress, now: now)
    }

    func log(_ ticket: TaskTicket, _ line: TaskLogLine, now: Int) throws(TaskError) -> TaskTransition {
        try queue.log(ticket, line, now: now)
    }

    func complete(_ ticket: TaskTicket, result: TaskResult, now: Int) throws(TaskError) -> TaskTransition {
        try queue.complete(ticket, result: result, now: now)
    }

    func fail(
        _ ticket: TaskTicket,
        error: TaskRecord.Failure,
        retry: Bool,
        now: Int
    ) throws(TaskError) -> TaskTransition {
        try queue.fail(ticket, error: error, retry: retry, now: now)
    }

    func release(_ ticket: TaskTicket, reason: RequeueReason, now: Int) throws(TaskError) -> TaskTransition? {
        try queue.release(ticket, reason: reason, now: now)
    }

    func cancel(
        _ id: String,
        now: Int
    ) throws(TaskError) -> (transition: TaskTransition?, lease: TaskLease?) {
        try queue.cancel(id, now: now)
    }
}
