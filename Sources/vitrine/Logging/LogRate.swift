import Domain

/// Decides which log lines go to the clients: so many a second, the rest counted.
///
/// A state machine without a clock of its own.
struct LogRate: Sendable {
    /// Lines a second.
    let limit: Int
    private var windowEnd: Milliseconds = .min
    private var passed = 0
    private var dropped = 0
    private var isNoteClaimed = false

    /// At most `limit` lines in a second.
    init(limit: Int) {
        self.limit = limit
    }

    /// Whether a line that was written at `now` may pass; otherwise it is counted.
    mutating func admits(at now: Milliseconds) -> Bool {
        // A clock that was set back begins a new second, or nothing would pass until it has caught up.
        if now >= windowEnd || now < windowEnd - 1000 {
            windowEnd = now + 1000
            passed = 0
        }
        guard passed < limit else {
            dropped += 1
            return false
        }
        passed += 1
        return true
    }

    /// Counts a line that was admitted but had no room.
    mutating func countDropped() { dropped += 1 }

    /// When the note on dropped lines is due; `nil` when none was dropped, or the note was claimed already.
    mutating func claimNote() -> Milliseconds? {
        guard dropped > 0, !isNoteClaimed else { return nil }
        isNoteClaimed = true
        return windowEnd
    }

    /// Gives a claim back that could not be followed.
    mutating func releaseNote() { isNoteClaimed = false }

    /// How many were dropped since this was last asked; the note on them is then written.
    mutating func takeDropped() -> Int {
        defer {
            dropped = 0
            isNoteClaimed = false
        }
        return dropped
    }
}
