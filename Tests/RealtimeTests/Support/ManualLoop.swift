import Domain
import Realtime
import Synchronization

/// A loop that does nothing by itself: a test runs its jobs one at a time and moves its clock.
///
/// Jobs may be handed in from any thread; they run on the thread of the test.
final class ManualLoop: SessionLoop {
    private struct Timer: Sendable {
        let interval: Milliseconds
        var due: Milliseconds
        let job: @Sendable () -> Void
    }

    private struct State {
        var now: Milliseconds = 1_000
        var jobs: [@Sendable () -> Void] = []
        var timers: [Timer] = []
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    var now: Milliseconds { state.withLock { $0.now } }

    /// Whether a job waits.
    var hasJobs: Bool { state.withLock { !$0.jobs.isEmpty } }

    func execute(_ job: @escaping @Sendable () -> Void) {
        let waiter = state.withLock { state in
            state.jobs.append(job)
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    func repeatEvery(_ interval: Milliseconds, _ job: @escaping @Sendable () -> Void) {
        state.withLock { $0.timers.append(Timer(interval: interval, due: $0.now + interval, job: job)) }
    }

    /// Runs the oldest job; `false` when there is none.
    @discardableResult
    func step() -> Bool {
        let job = state.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
        job?()
        return job != nil
    }

    /// Runs jobs until none is left.
    func run() {
        while step() {}
    }

    /// Moves the clock on and runs what falls due on the way, jobs included.
    func advance(_ time: Milliseconds) {
        let end = now + time
        while let timer = nextTimer(before: end) {
            timer()
            run()
        }
        state.withLock { $0.now = end }
        run()
    }

    /// Moves the clock on without running anything.
    func pass(_ time: Milliseconds) {
        state.withLock { $0.now += time }
    }

    private func nextTimer(before end: Milliseconds) -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard let index = state.timers.indices.min(by: { state.timers[$0].due < state.timers[$1].due }),
                state.timers[index].due <= end
            else { return nil }
            state.now = max(state.now, state.timers[index].due)
            state.timers[index].due += state.timers[index].interval
            return state.timers[index].job
        }
    }

    /// Waits until another thread has handed in a job; at once when one waits.
    func waitForJob() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.jobs.isEmpty { state.waiter = continuation }
                return !state.jobs.isEmpty
            }
            if isThere { continuation.resume() }
        }
    }

    /// Waits for a job from another thread and runs all there are.
    func runNext() async {
        await waitForJob()
        run()
    }
}
