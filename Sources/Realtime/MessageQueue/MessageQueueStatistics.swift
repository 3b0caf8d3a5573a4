import Synchronization

/// What has gone over the message queue since the start, for `/metrics`.
package final class MessageQueueStatistics: Sendable {
    private let received = Atomic<Int>(0)
    private let published = Atomic<Int>(0)
    private let connected = Atomic<Bool>(false)
    private let otherServers = Atomic<Int>(0)
    private let ignored = Mutex<[String: Int]>([:])

    init() {}

    /// Messages that were read, own ones included.
    package var receivedMessages: Int { received.load(ordering: .relaxed) }
    /// Messages that were sent.
    package var publishedMessages: Int { published.load(ordering: .relaxed) }
    /// Messages that were passed over, by reason.
    package var ignoredMessages: [String: Int] { ignored.withLock { $0 } }
    /// How many that were in all.
    package var ignoredCount: Int { ignored.withLock { $0.values.reduce(0, +) } }
    /// Whether messages can be sent and heard.
    package var isConnected: Bool { connected.load(ordering: .relaxed) }
    /// How many other servers are there.
    package var servers: Int { otherServers.load(ordering: .relaxed) }

    func noteReceived() { received.add(1, ordering: .relaxed) }
    func notePublished() { published.add(1, ordering: .relaxed) }
    func note(_ failure: QueueMessage.Failure) { count(failure.rawValue) }
    /// A message of our own would have been too large for others to read.
    func noteTooLarge() { count("not_sent") }
    /// Messages came faster than they were read.
    func noteOverrun() { count("overrun") }
    func note(connected isConnected: Bool) { connected.store(isConnected, ordering: .relaxed) }
    func note(servers count: Int) { otherServers.store(count, ordering: .relaxed) }

    private func count(_ reason: String) { ignored.withLock { $0[reason, default: 0] += 1 } }
}
