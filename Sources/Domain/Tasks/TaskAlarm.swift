import Dispatch

/// Wakes somebody later: how the engine waits, as a parameter, so that tests decide when it is later.
package struct TaskAlarm: Sendable {
    private let set: @Sendable (Milliseconds, @escaping @Sendable () -> Void) -> Void

    /// An alarm that has `set` call the action after so many milliseconds.
    package init(_ set: @escaping @Sendable (Milliseconds, @escaping @Sendable () -> Void) -> Void) {
        self.set = set
    }

    /// Calls `action` once, after `delay`.
    package func after(_ delay: Milliseconds, _ action: @escaping @Sendable () -> Void) { set(delay, action) }

    /// The system's timers.
    package static let system = TaskAlarm { delay, action in
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(max(0, delay)), execute: action)
    }
}
