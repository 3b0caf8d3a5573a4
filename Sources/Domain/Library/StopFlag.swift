import Synchronization

/// Tells work on several threads to end early.
package final class StopFlag: Sendable {
    private let flag = Atomic(false)

    package init() {}

    /// Whether the work is to end.
    package var isSet: Bool { flag.load(ordering: .relaxed) }

    /// Asks the work to end; it does so at its next look.
    package func set() { flag.store(true, ordering: .relaxed) }
}
