import DequeModule

/// The present state of topic `log`: the last lines of the server's log.
package struct LogBoard: Sendable {
    /// How many lines a snapshot has.
    package static let limit = 100

    private var recent: Deque<LogLine> = []

    /// No lines.
    package init() {}

    /// Oldest first.
    package var lines: [LogLine] { Array(recent) }

    /// Folds one event in; events of other topics change nothing.
    package mutating func apply(_ event: Event) {
        guard case .logLine(let line) = event else { return }
        if recent.count == Self.limit { recent.removeFirst() }
        recent.append(line)
    }
}
