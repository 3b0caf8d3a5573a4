import GRDB
import Synchronization
import Testing

@testable import Domain

/// A worker whose words the test says, and that notes everything it is told.
final class WorkerUnderTest: TaskWorker {
    private struct State {
        var offers: [TaskOffer] = []
        var cancelled: [String] = []
        var statuses: [WorkerStatus] = []
        var answers: [String] = []
        /// Runs when an offer comes, on the engine's queue.
        var onOffer: (@Sendable (TaskOffer) -> Void)?
    }

    let id: String
    private let engine: TaskEngine
    private let state = Mutex(State())

    init(_ id: String, _ engine: TaskEngine) {
        self.id = id
        self.engine = engine
    }

    func offered(_ offer: TaskOffer) {
        let action = state.withLock { state in
            state.offers.append(offer)
            return state.onOffer
        }
        action?(offer)
    }

    func cancelled(_ ticket: TaskTicket) { state.withLock { $0.cancelled.append(ticket.task) } }

    func statusChanged(_ status: WorkerStatus) { state.withLock { $0.statuses.append(status) } }

    func onOffer(_ action: @escaping @Sendable (TaskOffer) -> Void) { state.withLock { $0.onOffer = action } }

    var offers: [TaskOffer] { state.withLock { $0.offers } }
    /// The tasks offered so far, in order.
    var offered: [String] { offers.map(\.record.id) }
    var cancelled: [String] { state.withLock { $0.cancelled } }
    var statuses: [WorkerStatus] { state.withLock { $0.statuses } }
    /// What its words were answered, in the order of the answers: `done t: ok`.
    var answers: [String] { state.withLock { $0.answers } }

    /// The ticket of the last offer of a task.
    func ticket(_ task: String) throws -> TaskTicket {
        try #require(offers.last { $0.record.id == task }, "no offer of \(task)").lease.ticket
    }

    func join(
        _ capabilities: Set<String> = ["gpu"],
        slots: Int = 1,
        kind: TaskRecord.Executor.Kind = .peer,
        hasDeadlines: Bool = true,
        waiting: String? = nil
    ) {
        engine.join(
            WorkerProfile(
                client: id,
                executor: .init(kind: kind, client: kind == .peer ? id : nil, name: "box"),
                capabilities: capabilities,
                slots: slots,
                hasDeadlines: hasDeadlines,
                waiting: waiting
            ),
            self
        )
    }

    /// Says a word and notes its answer.
    func say(_ word: WorkerWord, _ ticket: TaskTicket) {
        let name = "\(word)".prefix { $0 != "(" }
        engine.say(word, ticket) { [self] result in
            let answer: String
            switch result {
            case .success: answer = "ok"
            case .failure(.internal): answer = "internal"
            case .failure(let error): answer = "\(error)"
            }
            state.withLock { $0.answers.append("\(name) \(ticket.task): \(answer)") }
        }
    }

    func say(_ word: WorkerWord, _ task: String) throws { say(word, try ticket(task)) }

    /// Accepts the last offer of a task and ends it as done.
    func run(_ task: String, _ result: JSON? = nil) throws {
        try say(.accept, task)
        try say(.done(result), task)
    }
}

extension EngineUnderTest {
    /// A task for workers.
    @discardableResult
    func submit(
        _ id: String,
        _ name: String = "gpu",
        priority: Int = 0,
        attempts: Int = 3,
        requires: [String]? = nil
    ) async throws -> TaskRecord {
        try await engine.submit(
            TaskRequest(name: name, priority: priority, attempts: attempts, requires: requires, id: id)
        )
    }

    /// Lets every write fail, or work again.
    func breakStore(_ isBroken: Bool) async throws {
        try await store.pool.write { database in
            for (name, verb) in [("broken_insert", "INSERT"), ("broken_update", "UPDATE")] {
                if isBroken {
                    try database.execute(
                        sql: """
                            CREATE TRIGGER \(name) BEFORE \(verb) ON task BEGIN SELECT RAISE(ABORT, 'disk full'); END
                            """
                    )
                } else {
                    try database.execute(sql: "DROP TRIGGER IF EXISTS \(name)")
                }
            }
        }
    }

    /// Everything that was told of reasons to wait, in order: `gpu: reason`, `task t: reason`.
    var reasons: [String] {
        events.entries.compactMap { entry in
            switch entry.event {
            case .tasksWaiting(let requires, let waiting):
                "\(requires.sorted().joined(separator: ",")): \(waiting ?? "nil")"
            case .taskWaiting(let task): "task \(task.id): \(task.waiting ?? "nil")"
            default: nil
            }
        }
    }
}
