import Synchronization
import Testing

@testable import Domain

struct SingleFlightTests {
    /// Waits until it is opened.
    private final class Gate: Sendable {
        private let waiting = Mutex<(isOpen: Bool, all: [CheckedContinuation<Void, Never>])>((false, []))

        func pass() async {
            await withCheckedContinuation { continuation in
                let isOpen = waiting.withLock { waiting in
                    if !waiting.isOpen { waiting.all.append(continuation) }
                    return waiting.isOpen
                }
                if isOpen { continuation.resume() }
            }
        }

        func open() {
            let all = waiting.withLock { waiting in
                waiting.isOpen = true
                return waiting.all
            }
            for continuation in all { continuation.resume() }
        }
    }

    struct Refused: Error {}

    @Test("Many who want the same get it from one run, and from one failure", arguments: [true, false])
    func shared(_ works: Bool) async {
        let flight = SingleFlight<String, Int>()
        let gate = Gate()
        let runs = Mutex(0)
        let want: @Sendable () async -> Int? = {
            try? await flight.run("a") {
                let run = runs.withLock { runs in
                    runs += 1
                    return runs
                }
                await gate.pass()
                guard works else { throw Refused() }
                return run
            }
        }
        await withTaskGroup(of: Int?.self) { group in
            for _ in 0..<20 { group.addTask { await want() } }
            while flight.waiters("a") < 19 { await Task.yield() }
            gate.open()
            for await value in group { #expect(value == (works ? 1 : nil)) }
        }
        #expect(runs.withLock { $0 } == 1)
        // What is over is not remembered.
        #expect(await want() == (works ? 2 : nil))
        #expect(runs.withLock { $0 } == 2)
    }

    @Test("Different keys do not wait for each other")
    func apart() async throws {
        let flight = SingleFlight<String, Int>()
        let value = try await flight.run("a") { try await flight.run("b") { 2 } + 1 }
        #expect(value == 3)
    }
}
