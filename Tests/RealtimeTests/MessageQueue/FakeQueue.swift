import Domain
import Synchronization

/// A message queue in memory: ports hear what others publish, unless they are cut off or a message is lost.
///
/// What is published reaches the others at once, on the thread of the publisher.
final class FakeQueue: Sendable {
    private struct Listener: Sendable {
        let channels: [String]
        let onMessage: @Sendable (String, [UInt8]) -> Void
        let onState: @Sendable (Bool) -> Void
    }

    private struct State {
        var listeners: [Int: Listener] = [:]
        var connected: Set<Int> = []
        var count = 0
        var published: [(port: Int, channel: String, message: [UInt8])] = []
        var isLost: (@Sendable (_ from: Int, _ to: Int) -> Bool)?
    }

    private let state = Mutex(State())

    /// A way in and out for one process; cut off at first.
    func port() -> Port {
        let index = state.withLock { state in
            state.count += 1
            return state.count
        }
        return Port(queue: self, index: index)
    }

    /// Everything published since the last call, with who did.
    func takePublished() -> [(port: Int, channel: String, message: [UInt8])] {
        state.withLock { state in
            defer { state.published = [] }
            return state.published
        }
    }

    /// Decides of every message on its way whether it is lost.
    func lose(_ isLost: (@Sendable (_ from: Int, _ to: Int) -> Bool)?) {
        state.withLock { $0.isLost = isLost }
    }

    /// Publishes as a process would that is none of ours.
    func publish(channel: String = "socketio", _ text: String) {
        publish(from: 0, channel, Array(text.utf8))
    }

    fileprivate func publish(from port: Int, _ channel: String, _ message: [UInt8]) {
        let listeners = state.withLock { state -> [Listener] in
            guard port == 0 || state.connected.contains(port) else { return [] }
            state.published.append((port, channel, message))
            return state.listeners.sorted { $0.key < $1.key }.compactMap { index, listener in
                guard state.connected.contains(index), listener.channels.contains(channel),
                    state.isLost?(port, index) != true
                else { return nil }
                return listener
            }
        }
        for listener in listeners { listener.onMessage(channel, message) }
    }

    fileprivate func set(_ port: Int, connected: Bool) {
        let listener = state.withLock { state -> Listener? in
            guard connected != state.connected.contains(port) else { return nil }
            if connected { state.connected.insert(port) } else { state.connected.remove(port) }
            return state.listeners[port]
        }
        listener?.onState(connected)
    }

    fileprivate func add(
        _ port: Int,
        _ listener: (
            channels: [String], onMessage: @Sendable (String, [UInt8]) -> Void, onState: @Sendable (Bool) -> Void
        )
    ) {
        state.withLock {
            $0.listeners[port] = Listener(
                channels: listener.channels,
                onMessage: listener.onMessage,
                onState: listener.onState
            )
        }
    }

    /// One process's connection.
    final class Port: PublishSubscribe {
        let queue: FakeQueue
        let index: Int

        fileprivate init(queue: FakeQueue, index: Int) {
            self.queue = queue
            self.index = index
        }

        func publish(channel: String, _ message: [UInt8]) {
            queue.publish(from: index, channel, message)
        }

        func listen(
            _ channels: [String],
            onMessage: @escaping @Sendable (String, [UInt8]) -> Void,
            onState: @escaping @Sendable (Bool) -> Void
        ) {
            queue.add(index, (channels, onMessage, onState))
        }

        /// Connects to the queue, or cuts the connection.
        func set(connected: Bool) {
            queue.set(index, connected: connected)
        }
    }
}
