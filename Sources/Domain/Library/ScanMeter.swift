import Dispatch
import Synchronization

/// Counts what a scan has done and says so now and then; all threads of a scan share one.
final class ScanMeter: Sendable {
    /// How far a scan is.
    typealias Report = @Sendable (_ current: Int, _ total: Int?, _ message: String) -> Void

    private struct State {
        var report = ScanReport()
        /// Files that are done with, those that were examined and wait to be hashed, and how many of these are hashed.
        var settled = 0
        var examined = 0
        var hashed = 0
        var total: Int?
        var folder = ""
        var last: UInt64 = 0
        var warnings = 0
    }

    /// How many lines one scan writes to its log; what is past it is only counted.
    static let linesLimit = 1000
    /// Nanoseconds between two reports.
    private static let interval: UInt64 = 100_000_000

    private let state = Mutex(State())
    private let begin = DispatchTime.now().uptimeNanoseconds
    private let report: Report
    private let log: @Sendable (LogLevel, String) -> Void

    init(report: @escaping Report, log: @escaping @Sendable (LogLevel, String) -> Void) {
        self.report = report
        self.log = log
    }

    /// Adds to the figures: `done` files are settled, `examined` ones wait to be hashed, `hashed` ones waited.
    func count(
        done: Int = 0,
        examined: Int = 0,
        hashed: Int = 0,
        _ change: (inout ScanReport) -> Void = { _ in }
    ) {
        tell { state in
            change(&state.report)
            state.settled += done
            state.examined += examined
            // Files that an earlier scan left unhashed were settled by the walk.
            state.hashed = min(state.hashed + hashed, state.examined)
        }
    }

    /// Adds what a transaction did.
    func count(_ changes: LibraryChanges) {
        count {
            $0.added += changes.added.count
            $0.changed += changes.rewritten
            $0.moved += changes.moved
            $0.removed += changes.removed.count + changes.untold
        }
    }

    /// Names the folder that is being walked.
    func enter(_ folder: String) {
        tell { $0.folder = folder }
    }

    /// A walk is over that saw so many files.
    func know(seen: Int) {
        tell { $0.total = ($0.total ?? 0) + seen }
    }

    /// Writes a line to the scan's log, within ``linesLimit``.
    func warn(_ message: String) {
        let number = state.withLock { state in
            state.warnings += 1
            return state.warnings
        }
        if number <= Self.linesLimit { log(.warning, message) }
    }

    /// Says how it ended, and returns the figures.
    func finish() -> ScanReport {
        let (report, warnings) = state.withLock { state in
            state.hashed = state.examined
            self.report(current(state), state.total, text(state))
            return (state.report, state.warnings)
        }
        if warnings > Self.linesLimit { log(.warning, "\(warnings - Self.linesLimit) more lines were left out") }
        return report
    }

    /// Reports inside the lock, so that figures reach the listener in growing order.
    private func tell(_ change: (inout State) -> Void) {
        state.withLock { state in
            change(&state)
            let now = DispatchTime.now().uptimeNanoseconds
            guard now - state.last >= Self.interval else { return }
            state.last = now
            report(current(state), state.total, text(state))
        }
    }

    /// A file that waits to be hashed is half done.
    private func current(_ state: State) -> Int { state.settled + (state.examined + state.hashed) / 2 }

    private func text(_ state: State) -> String {
        let seconds = max(0.001, Double(DispatchTime.now().uptimeNanoseconds - begin) / 1e9)
        let files = Int(Double(state.settled + state.examined) / seconds)
        let megabytes = Int(Double(state.report.hashed) / seconds / 1e6)
        return "\(state.folder) · \(files) files/s · \(megabytes) MB/s"
    }
}
