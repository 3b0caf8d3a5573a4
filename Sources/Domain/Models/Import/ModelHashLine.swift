import Synchronization

/// Files that threads hash one after the other, for one who wants the results in another order.
final class ModelHashLine: Sendable {
    private struct Result: Sendable {
        var id: Int
        var outcome: ModelFileHasher.Outcome
    }

    private let jobs: [Store.ImportJob]
    private let next = Atomic(0)
    private let results: BoundedQueue<Result>
    private let kept = Mutex<[Int: ModelFileHasher.Outcome]>([:])

    /// A line of files, each with an id of its own.
    init(_ jobs: [Store.ImportJob]) {
        self.jobs = jobs
        // There is room for all results, so that no thread ever waits for who takes them.
        results = BoundedQueue(limit: max(1, jobs.count))
    }

    /// Hashes files by `body` until none is left; on each of the threads.
    func work(_ body: (Store.ImportJob) -> ModelFileHasher.Outcome) {
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < jobs.count else { return }
            results.push(Result(id: jobs[index].id, outcome: body(jobs[index])))
        }
    }

    /// The result of one of the files; waits for it.
    ///
    /// For one thread, while others ``work(_:)``.
    func result(of id: Int) -> ModelFileHasher.Outcome {
        while true {
            if let outcome = kept.withLock({ $0[id] }) { return outcome }
            guard let result = results.pop() else { return .stopped }
            kept.withLock { $0[result.id] = result.outcome }
        }
    }
}
