package import Domain

/// The loop that owns a share of the connections, as the layers above a driver see it.
package protocol SessionLoop: Sendable {
    /// Runs `job` on the loop, after what was handed in before.
    func execute(_ job: @escaping @Sendable () -> Void)

    /// Runs `job` on the loop again and again, `interval` apart, for as long as the loop lives.
    func repeatEvery(_ interval: Milliseconds, _ job: @escaping @Sendable () -> Void)

    /// Monotonic time.
    var now: Milliseconds { get }
}
