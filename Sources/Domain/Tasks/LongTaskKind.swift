/// The test task: it takes its time and shows progress (contracts/realtime.md §5; contracts/vframe.md, `long_task`).
///
/// It only sleeps, so any number of them may run at once.
package struct LongTaskKind: TaskKind {
    package let name = "long_task"
    package let title = "Long task"
    /// None: the index of kinds shows it without any (contracts/vframe.md §3, Task).
    package let parameters: [String] = []
    package let restartPolicy = TaskRestartPolicy.requeue

    private let sleep: @Sendable (Milliseconds) async throws -> Void
    private let random: @Sendable () -> UInt64

    /// A kind that waits by `sleep`, which must throw when cancelled, and draws 64 random bits by `random`.
    package init(
        sleep: @escaping @Sendable (Milliseconds) async throws -> Void = LongTaskKind.sleep,
        random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: .min ... .max) }
    ) {
        self.sleep = sleep
        self.random = random
    }

    /// Sleeps by the system's clock; throws `CancellationError`.
    package static let sleep: @Sendable (Milliseconds) async throws -> Void = { time in
        try Task.checkCancellation()
        if time > 0 { try await Task.sleep(for: .milliseconds(time)) } else { await Task.yield() }
    }

    private struct Settings {
        var steps: Int?
        var delay = 500
        /// 0: no lines.
        var logEvery = 0
        var failAt: Int?
    }

    private struct Generator: RandomNumberGenerator {
        let random: @Sendable () -> UInt64
        func next() -> UInt64 { random() }
    }

    package func validate(_ params: JSON) throws(TaskRecord.Failure) {
        _ = try settings(params)
    }

    /// Counts to `steps`, `delay_ms` apart; throws ``TaskAbort`` at step `fail_at`.
    package func run(_ context: TaskContext) async throws -> JSON {
        let settings = try settings(context.params)
        var generator = Generator(random: random)
        let steps = settings.steps ?? Int.random(in: 10...20, using: &generator)
        var message = Self.message(&generator)
        for step in 0...steps {
            if step > 0, settings.logEvery > 0, step.isMultiple(of: settings.logEvery) {
                context.log(.info, "step \(step)")
            }
            if step == settings.failAt {
                throw TaskAbort(TaskRecord.Failure(code: "failed", message: "failed at step \(step), as asked"))
            }
            guard step < steps else { break }
            if Int.random(in: 0..<4, using: &generator) == 0 { message = Self.message(&generator) }
            context.progress(step, of: steps, message)
            try await sleep(settings.delay)
        }
        context.progress(steps, of: steps, "Task completed!")
        return ["status": "done"]
    }

    private static func message(_ generator: inout Generator) -> String {
        let doing = ["Polishing", "Counting", "Sorting", "Dusting", "Framing", "Hanging", "Lighting", "Labelling"]
        let what = ["glass", "plinths", "miniatures", "prints", "sketches", "frames", "fossils", "postcards"]
        let verb = doing.randomElement(using: &generator) ?? "Moving"
        return "\(verb) \(what.randomElement(using: &generator) ?? "things")…"
    }

    private func settings(_ params: JSON) throws(TaskRecord.Failure) -> Settings {
        guard params.object != nil || params.isNull else { throw Self.bad("params must be an object") }
        var settings = Settings()
        settings.steps = try Self.number(params, "steps", 1...100_000)
        settings.delay = try Self.number(params, "delay_ms", 0...60_000) ?? settings.delay
        settings.logEvery = try Self.number(params, "log_every", 0...(1 << 53 - 1)) ?? settings.logEvery
        settings.failAt = try Self.number(params, "fail_at", 0...(1 << 53 - 1))
        return settings
    }

    private static func number(
        _ params: JSON,
        _ name: String,
        _ range: ClosedRange<Int>
    ) throws(TaskRecord.Failure) -> Int? {
        guard let value = params[name] else { return nil }
        guard let number = value.int, range.contains(number) else {
            throw bad("\(name) must be an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func bad(_ message: String) -> TaskRecord.Failure {
        TaskRecord.Failure(code: "bad_params", message: message)
    }
}
