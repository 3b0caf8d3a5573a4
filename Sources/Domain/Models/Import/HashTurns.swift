import Foundation
import Synchronization

/// Who reads which record's file, so that imports at the same time do not read a large one twice.
final class HashTurns: Sendable {
    private let condition = NSCondition()
    private let busy = Mutex<Set<Int>>([])

    /// How long one waits before it looks whether it is to stop, in seconds.
    private static let look = 0.05

    /// What became of asking for a turn.
    enum Turn: Hashable, Sendable {
        /// It is ours, and nobody had it before.
        case free
        /// It is ours, after somebody else had it.
        case waited
        /// The work is to end.
        case stopped
    }

    /// Waits until nobody else has the turn for a record, or `stop` is set; whoever gets it gives it back by ``end(_:)``.
    func begin(_ id: Int, stop: StopFlag) -> Turn {
        condition.lock()
        defer { condition.unlock() }
        var turn = Turn.free
        while !stop.isSet {
            if busy.withLock({ $0.insert(id).inserted }) { return turn }
            turn = .waited
            _ = condition.wait(until: Date(timeIntervalSinceNow: Self.look))
        }
        return .stopped
    }

    /// Gives a turn back.
    func end(_ id: Int) {
        busy.withLock { _ = $0.remove(id) }
        condition.lock()
        condition.broadcast()
        condition.unlock()
    }
}
