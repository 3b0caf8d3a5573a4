import Domain
import Synchronization

/// Shows how far something long is: a bar on a terminal, plain lines elsewhere.
///
/// On a terminal the bar is drawn again at most ten times a second; elsewhere at most one line a second is written.
/// The last state is always shown, by ``finish(_:)``.
final class TerminalProgress: Sendable {
    private struct State {
        var lastShown: Milliseconds?
        var isFinished = false
    }

    private let state = Mutex(State())
    private let output: LogOutput
    private let terminal: Terminal?
    private let clock: WallClock

    /// Shows progress on `output`; `terminal` is `nil` when that is none.
    init(
        output: LogOutput = .standardError,
        terminal: Terminal? = .standardError,
        clock: WallClock = .system
    ) {
        self.output = output
        self.terminal = terminal
        self.clock = clock
    }

    /// Shows a state, unless one was shown a moment ago.
    func update(_ progress: TaskRecord.Progress) {
        state.withLock { state in
            let now = clock.now
            let pause = terminal == nil ? 1_000 : 100
            guard !state.isFinished else { return }
            if let last = state.lastShown, now - last < pause, now >= last { return }
            state.lastShown = now
            show(progress, last: false)
        }
    }

    /// Shows the last state; nothing is shown after it.
    func finish(_ progress: TaskRecord.Progress) {
        state.withLock { state in
            guard !state.isFinished else { return }
            state.isFinished = true
            show(progress, last: true)
        }
    }

    private func show(_ progress: TaskRecord.Progress, last: Bool) {
        if let terminal {
            let line = ProgressLine.bar(progress, width: terminal.width())
            // Back to the line's start, the bar, and the rest of the line cleared.
            output.write("\r\(line)\u{1B}[K\(last ? "\n" : "")")
        } else {
            output.writeLine(ProgressLine.plain(progress))
        }
    }
}
