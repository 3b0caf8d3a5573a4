import Foundation
import Synchronization

/// One connection to Redis on a thread of its own, which never makes a caller wait and comes back by itself.
///
/// Commands are pipelined; what is asked while there is no connection fails at once. Handlers are called on the
/// thread, in the order of the answers, and must return soon.
final class RedisConnection: Sendable {
    /// What the connection is for: RESP2 lets no other command by while there are subscriptions.
    enum Purpose: String, Sendable {
        case commands
        case subscriptions
    }

    /// Something for the thread to do.
    enum Order: Sendable {
        case send(RedisCommand, @Sendable (Result<RedisValue, RedisError>) -> Void)
        case subscribe(RedisSubscription)
        case unsubscribe(RedisSubscription)
        case close
    }

    private struct Inbox {
        var orders: [Order] = []
        var isClosed = false
        /// Whether the thread has been told of what is in the inbox.
        var isTold = false
    }

    private let inbox = Mutex(Inbox())
    private let wake: WakePipe

    /// A connection that begins to connect at once; `onState` hears of every change, `away` with the reason.
    ///
    /// Throws ``SystemError`` when the process has no descriptor left.
    init(
        _ purpose: Purpose,
        address: RedisAddress,
        configuration: RedisConfiguration,
        onState: @escaping @Sendable (RedisState, _ reason: String) -> Void
    ) throws(SystemError) {
        wake = try WakePipe(for: "Redis")
        let thread = Thread { [self] in
            RedisLoop(purpose, address: address, configuration: configuration, onState: onState).run(wake) {
                takeOrders()
            }
        }
        thread.name = "redis.\(purpose.rawValue)"
        thread.start()
    }

    /// Sends a command and tells `then` the answer; at once, that there is none, when there is no connection.
    func send(_ command: RedisCommand, then: @escaping @Sendable (Result<RedisValue, RedisError>) -> Void) {
        if !post(.send(command, then)) { then(.failure(.away)) }
    }

    /// Listens to channels from now on.
    func subscribe(_ subscription: RedisSubscription) { post(.subscribe(subscription)) }

    /// Listens no more; a message that is on its way may still come.
    func unsubscribe(_ subscription: RedisSubscription) { post(.unsubscribe(subscription)) }

    /// Closes the connection for good; what waits for an answer fails.
    func close() {
        post(.close)
    }

    @discardableResult
    private func post(_ order: Order) -> Bool {
        let (isTaken, mustWake) = inbox.withLock { inbox -> (Bool, Bool) in
            guard !inbox.isClosed else { return (false, false) }
            inbox.orders.append(order)
            if case .close = order { inbox.isClosed = true }
            defer { inbox.isTold = true }
            return (true, !inbox.isTold)
        }
        if mustWake { wake.wake() }
        return isTaken
    }

    private func takeOrders() -> [Order] {
        inbox.withLock { inbox in
            inbox.isTold = false
            defer { inbox.orders.removeAll(keepingCapacity: true) }
            return inbox.orders
        }
    }
}
