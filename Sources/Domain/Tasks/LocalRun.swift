import DequeModule
import Synchronization

/// One attempt of a task that runs in the server: what its code reports, until the engine takes it.
///
/// The code may report as fast as it likes: of progress only the newest waits, of the log only the newest lines, and
/// the engine is told once until it has taken them.
final class LocalRun: Sendable {
    /// What the engine takes at one time.
    struct Reports: Sendable {
        var progress: TaskRecord.Progress?
        var lines: Deque<TaskLogLine> = []
    }

    private struct State {
        var reports = Reports()
        /// Whether the engine knows that there is progress, or lines, to take.
        var isProgressTold = false
        var areLinesTold = false
    }

    let lease: TaskLease
    let params: JSON
    let kind: any TaskKind
    /// Ends when the code is to stop.
    let stops: AsyncStream<Never>
    private let stopping: AsyncStream<Never>.Continuation
    private let state = Mutex(State())

    init(lease: TaskLease, params: JSON, kind: any TaskKind) {
        self.lease = lease
        self.params = params
        self.kind = kind
        (stops, stopping) = AsyncStream.makeStream(of: Never.self)
    }

    /// Asks the code to stop.
    func stop() { stopping.finish() }

    /// Keeps the newest progress; returns whether the engine must be told.
    func report(_ progress: TaskRecord.Progress) -> Bool {
        state.withLock { state in
            state.reports.progress = progress
            defer { state.isProgressTold = true }
            return !state.isProgressTold
        }
    }

    /// Keeps a line; returns whether the engine must be told.
    func write(_ line: TaskLogLine, limit: Int) -> Bool {
        state.withLock { state in
            if state.reports.lines.count >= limit { state.reports.lines.removeFirst() }
            state.reports.lines.append(line)
            defer { state.areLinesTold = true }
            return !state.areLinesTold
        }
    }

    /// Takes the lines, and the progress too when `withProgress`; otherwise progress goes on waiting.
    func take(withProgress: Bool) -> Reports {
        state.withLock { state in
            var taken = Reports()
            swap(&taken.lines, &state.reports.lines)
            state.areLinesTold = false
            if withProgress {
                swap(&taken.progress, &state.reports.progress)
                state.isProgressTold = false
            }
            return taken
        }
    }

    /// Whether progress waits.
    var hasProgress: Bool { state.withLock { $0.reports.progress != nil } }

    /// Puts back what was taken but could not be written; newer reports win.
    func putBack(_ reports: Reports) {
        state.withLock { state in
            if state.reports.progress == nil { state.reports.progress = reports.progress }
            state.reports.lines.prepend(contentsOf: reports.lines)
        }
    }
}
