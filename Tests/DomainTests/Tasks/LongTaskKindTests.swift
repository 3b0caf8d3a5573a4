import Domain
import OrderedCollections
import Synchronization
import Testing

struct LongTaskKindTests {
    /// What one run reported, and how long it slept.
    private final class Report: Sendable {
        struct State {
            var progress: [TaskRecord.Progress] = []
            var lines: [String] = []
            var sleeps: [Int] = []
        }
        let state = Mutex(State())
        var seen: State { state.withLock { $0 } }
    }

    private func run(_ params: JSON, seed: UInt64 = 1) async -> (Report.State, Result<JSON, any Error>) {
        let report = Report()
        let random = Mutex(TaskRandom(seed: seed))
        let kind = LongTaskKind(
            sleep: { time in report.state.withLock { $0.sleeps.append(time) } },
            random: { random.withLock { $0.next() } }
        )
        let context = TaskContext(
            task: "t",
            params: params,
            attempt: 1,
            report: { progress in report.state.withLock { $0.progress.append(progress) } },
            write: { _, line in report.state.withLock { $0.lines.append(line) } }
        )
        let result: Result<JSON, any Error>
        do { result = .success(try await kind.run(context)) } catch { result = .failure(error) }
        return (report.seen, result)
    }

    @Test("It counts from 0 to the number of steps, sleeping between them")
    func counts() async throws {
        let (seen, result) = await run(["steps": 4, "delay_ms": 7])
        #expect(seen.progress.map(\.current) == [0, 1, 2, 3, 4])
        #expect(seen.progress.allSatisfy { $0.total == 4 && !$0.message.isEmpty })
        #expect(seen.progress.last?.message == "Task completed!")
        #expect(seen.sleeps == [7, 7, 7, 7])
        #expect(seen.lines.isEmpty)
        #expect(try result.get() == ["status": "done"])
    }

    @Test("Without parameters it takes 10 to 20 steps of half a second")
    func defaults() async throws {
        for seed in 0..<UInt64(30) {
            let (seen, _) = await run([:], seed: seed)
            #expect((10...20).contains(seen.sleeps.count))
            #expect(Set(seen.sleeps) == [500])
        }
    }

    @Test("It logs at each multiple")
    func logs() async {
        let (seen, _) = await run(["steps": 7, "delay_ms": 0, "log_every": 3])
        #expect(seen.lines == ["step 3", "step 6"])
    }

    @Test("It fails at the step asked for, for good", arguments: [0, 2, 3])
    func fails(step: Int) async {
        let (seen, result) = await run(["steps": 3, "delay_ms": 0, "fail_at": .int(Int64(step))])
        #expect(throws: TaskAbort.self) { try result.get() }
        #expect(seen.progress.map(\.current) == Array(0..<step))
    }

    @Test(
        "Parameters out of their range or of another type are refused",
        arguments: [
            ["steps": 0], ["steps": 100_001], ["steps": "4"], ["steps": 1.5], ["steps": true], ["delay_ms": -1],
            ["delay_ms": 60_001], ["log_every": -1], ["log_every": []], ["fail_at": -1], ["fail_at": .object([:])], [1],
            "steps",
        ] as [JSON]
    )
    func bad(params: JSON) {
        let failure = #expect(throws: TaskRecord.Failure.self) { try LongTaskKind().validate(params) }
        #expect(failure?.code == "bad_params")
    }

    @Test(
        "Parameters at their bounds, null and unknown ones are taken",
        arguments: [
            [:], ["steps": 1], ["steps": 100_000], ["delay_ms": 0], ["delay_ms": 60_000], ["steps": .null], ["x": 1],
            ["steps": 5.0], .null,
        ] as [JSON]
    )
    func good(params: JSON) {
        #expect(throws: Never.self) { try LongTaskKind().validate(params) }
    }

    @Test("Cancelled, it stops at its next step")
    func cancelled() async {
        let task = Task { try await LongTaskKind.sleep(60_000) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
