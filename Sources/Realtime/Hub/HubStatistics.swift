import Synchronization

/// What the realtime side has done since the start, for `/metrics`.
package final class HubStatistics: Sendable {
    private let slow = Atomic<Int>(0)
    private let refused = Atomic<Int>(0)
    private let received = Atomic<Int>(0)
    private let published = Atomic<Int>(0)

    init() {}

    /// How often a slow reader's events were dropped (G7).
    package var slowReaders: Int { slow.load(ordering: .relaxed) }
    /// Connections refused because there were too many.
    package var refusedConnections: Int { refused.load(ordering: .relaxed) }
    /// Messages from clients.
    package var receivedMessages: Int { received.load(ordering: .relaxed) }
    /// Events.
    package var publishedEvents: Int { published.load(ordering: .relaxed) }

    func noteSlow() { slow.add(1, ordering: .relaxed) }
    func noteRefused() { refused.add(1, ordering: .relaxed) }
    func noteReceived(_ count: Int) { received.add(count, ordering: .relaxed) }
    func notePublished() { published.add(1, ordering: .relaxed) }
}
