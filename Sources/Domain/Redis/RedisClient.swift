package import Logging
import ServiceLifecycle
import Synchronization

/// Redis as the server uses it: commands by one connection, subscriptions by a second.
///
/// No call waits. While Redis is away commands fail at once and what is published is lost, as it is when nobody
/// listens; the connections come back by themselves and subscriptions are made anew.
///
///     let redis = try RedisClient(address: RedisAddress("redis://localhost"))
///     let heard = redis.subscribe(["news"]) { channel, bytes in … } onState: { state in … }
///     redis.publish(channel: "news", Array("hello".utf8))
package final class RedisClient: Service {
    private struct State {
        var connected: Set<RedisConnection.Purpose> = []
        var isClosed = false
        /// Whether the log has been told that Redis is away.
        var isAwayTold = false
        var listeners: [@Sendable (RedisState) -> Void] = []

        var whole: RedisState { connected.count == 2 ? .connected : .away }
    }

    /// Where Redis is; its description holds no password.
    package let address: RedisAddress
    private let commands: RedisConnection
    private let subscriptions: RedisConnection
    private let state: Reports

    /// What both connections tell; apart from the client, so that they do not keep it alive.
    private final class Reports: Sendable {
        let state = Mutex(State())
        let address: String
        let logger: Logger

        init(address: String, logger: Logger) {
            self.address = address
            self.logger = logger
        }

        func take(_ purpose: RedisConnection.Purpose, _ new: RedisState, _ reason: String) {
            let (listeners, news, isNews) = state.withLock {
                state -> ([@Sendable (RedisState) -> Void], RedisState, Bool) in
                let old = state.whole
                if new == .connected { state.connected.insert(purpose) } else { state.connected.remove(purpose) }
                let whole = state.whole
                // One of two connections that comes is no news, the first that goes is.
                let isNews =
                    new == .connected ? whole == .connected && old == .away : !state.isClosed && !state.isAwayTold
                if isNews { state.isAwayTold = whole == .away }
                return (whole == old ? [] : state.listeners, whole, isNews)
            }
            if isNews, news == .connected {
                logger.info("Redis is connected", metadata: ["redis": "\(address)"])
            } else if isNews, new == .away {
                let metadata: Logger.Metadata = ["redis": "\(address)", "reason": "\(reason)"]
                logger.warning("Redis is away; the server goes on without it and tries again", metadata: metadata)
            }
            for listener in listeners { listener(news) }
        }
    }

    /// A client that begins to connect at once; throws ``SystemError`` when the process has no descriptor left.
    package init(
        address: RedisAddress,
        configuration: RedisConfiguration = RedisConfiguration(),
        logger: Logger = Logger(label: "redis")
    ) throws(SystemError) {
        self.address = address
        let reports = Reports(address: address.description, logger: logger)
        state = reports
        commands = try RedisConnection(.commands, address: address, configuration: configuration) {
            reports.take(.commands, $0, $1)
        }
        subscriptions = try RedisConnection(.subscriptions, address: address, configuration: configuration) {
            reports.take(.subscriptions, $0, $1)
        }
    }

    deinit { close() }

    /// Whether both connections stand.
    package var currentState: RedisState { state.state.withLock { $0.whole } }

    /// Has `listener` told of every change of ``currentState`` from now on, on a connection's thread.
    package func onState(_ listener: @escaping @Sendable (RedisState) -> Void) {
        state.state.withLock { $0.listeners.append(listener) }
    }

    /// Sends a command; `then` is told the answer on the connection's thread, in the order of the calls.
    package func send(_ command: RedisCommand, then: @escaping @Sendable (Result<RedisValue, RedisError>) -> Void) {
        commands.send(command, then: then)
    }

    /// Publishes a message; while Redis is away it is lost.
    package func publish(channel: String, _ message: [UInt8]) {
        commands.send(RedisCommand("PUBLISH", channel, message)) { _ in }
    }

    /// Listens to channels until ``unsubscribe(_:)``.
    ///
    /// Handlers are called on the connection's thread and must return soon. `onState` says `connected` each time Redis
    /// has confirmed all channels, and `away` when they are lost: messages in between are lost too.
    package func subscribe(
        _ channels: [String],
        onMessage: @escaping @Sendable (_ channel: String, _ message: [UInt8]) -> Void,
        onState: @escaping @Sendable (RedisState) -> Void = { _ in }
    ) -> RedisSubscription {
        let subscription = RedisSubscription(channels: channels, onMessage: onMessage, onState: onState)
        subscriptions.subscribe(subscription)
        return subscription
    }

    /// Listens no more; a message that is on its way may still come.
    package func unsubscribe(_ subscription: RedisSubscription) { subscriptions.unsubscribe(subscription) }

    /// Closes both connections for good; what waits for an answer fails.
    package func close() {
        state.state.withLock { $0.isClosed = true }
        commands.close()
        subscriptions.close()
    }

    /// Keeps the connections until the server shuts down and Redis has answered all that was sent before.
    ///
    /// What goes unanswered for ``RedisConfiguration/commandTimeout`` is waited for no longer.
    package func run() async throws {
        try? await gracefulShutdown()
        // Redis forgets what it has not read of a client whom it cannot answer any more, a last message among it.
        _ = try? await ask(RedisCommand("PING"))
        close()
    }
}
