@testable import Domain

extension TaskOffer {
    /// An offer of a task called `x`.
    static func sample(
        _ task: String,
        name: String = "x",
        attempt: Int = 1,
        isAccepted: Bool = false,
        secret: String = "s"
    ) -> TaskOffer {
        var record = TaskRecord(id: task, name: name, params: ["n": 1], created: 7)
        if isAccepted {
            record.state = .running
            record.attempt = attempt
        }
        let lease = TaskLease(
            secret: "\(secret)-\(task)-\(attempt)",
            task: task,
            executor: TaskRecord.Executor(kind: .celery, name: "celery"),
            holder: "celery",
            attempt: attempt,
            isAccepted: isAccepted,
            deadline: nil
        )
        return TaskOffer(lease: lease, record: record, acceptWithin: 5_000)
    }

    /// Its id on Celery.
    var celeryID: String {
        CeleryIdentifier.make(task: record.id, created: record.created, attempt: lease.attempt)
    }
}
