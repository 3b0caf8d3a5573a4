import Domain
import Synchronization

/// A kind whose code is steered by the test: each run shows up in ``runs`` and goes on when told.
struct GatedKind: TaskKind {
    /// One run of the code, waiting for the test.
    final class Run: Sendable {
        private struct State {
            var caller: CheckedContinuation<JSON, any Error>?
            var outcome: Result<JSON, any Error>?
        }

        let context: TaskContext
        private let state = Mutex(State())

        init(_ context: TaskContext) { self.context = context }

        /// Has the code end; the first call counts.
        func end(_ outcome: Result<JSON, any Error>) {
            let caller = state.withLock { state -> CheckedContinuation<JSON, any Error>? in
                guard state.outcome == nil else { return nil }
                state.outcome = outcome
                return state.caller
            }
            caller?.resume(with: outcome)
        }

        func finish(_ value: JSON = ["ok": true]) { end(.success(value)) }

        func fail(_ error: any Error) { end(.failure(error)) }

        fileprivate func wait() async throws -> JSON {
            try await withCheckedThrowingContinuation { caller in
                let outcome = state.withLock { state -> Result<JSON, any Error>? in
                    if state.outcome == nil { state.caller = caller }
                    return state.outcome
                }
                if let outcome { caller.resume(with: outcome) }
            }
        }
    }

    let name: String
    let title = "Gated"
    let parameters = ["n"]
    let restartPolicy: TaskRestartPolicy
    /// Whether the code stops when it is cancelled, or goes on until the test ends it.
    let obeysCancel: Bool
    /// The runs, as they begin.
    let runs: AsyncStream<Run>
    private let begun: AsyncStream<Run>.Continuation

    init(_ name: String = "gated", restartPolicy: TaskRestartPolicy = .requeue, obeysCancel: Bool = true) {
        self.name = name
        self.restartPolicy = restartPolicy
        self.obeysCancel = obeysCancel
        (runs, begun) = AsyncStream.makeStream(of: Run.self)
    }

    func validate(_ params: JSON) throws(TaskRecord.Failure) {
        if params["bad"] != nil { throw TaskRecord.Failure(code: "bad_params", message: "bad") }
    }

    func run(_ context: TaskContext) async throws -> JSON {
        let run = Run(context)
        begun.yield(run)
        guard obeysCancel else { return try await run.wait() }
        return try await withTaskCancellationHandler {
            try await run.wait()
        } onCancel: {
            run.fail(CancellationError())
        }
    }

    /// The next run that begins.
    func next() async throws -> Run {
        for await run in runs { return run }
        throw CancellationError()
    }
}

/// A kind that returns its parameters.
struct EchoKind: TaskKind {
    let name = "echo"
    let title = "Echo"
    let parameters: [String] = []
    let restartPolicy = TaskRestartPolicy.requeue

    func validate(_ params: JSON) throws(TaskRecord.Failure) {}

    func run(_ context: TaskContext) async throws -> JSON { context.params }
}

extension GatedKind {
    /// Holds everyone back until it is opened.
    actor Gate {
        private var isOpen = false
        private var waiting: [CheckedContinuation<Void, Never>] = []

        func wait() async {
            if isOpen { return }
            await withCheckedContinuation { waiting.append($0) }
        }

        func open() {
            isOpen = true
            for caller in waiting { caller.resume() }
            waiting = []
        }
    }
}
