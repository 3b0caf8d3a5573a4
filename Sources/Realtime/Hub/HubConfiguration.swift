package import Domain

/// The bounds of the realtime side (contracts/realtime.md §8).
package struct HubConfiguration: Sendable {
    /// Sockets and event streams at once.
    package var maxConnections = 20_000
    /// Topics a connection may subscribe to.
    package var maxSubscriptions = 256
    /// Bytes of one message from a client.
    package var maxMessage = 262_144
    /// Messages a second from one connection; twice as many in a burst.
    package var messageRate = 1_000
    /// Events kept for those who come back, and their bytes.
    package var historyEvents = 10_000
    package var historyBytes = 16 * 1024 * 1024
    /// Events that may wait for one socket, and their bytes.
    package var queueEvents = 1_000
    package var queueBytes = 1024 * 1024
    /// After this silence the server pings.
    package var pingInterval: Milliseconds = 25_000
    /// How long a ping may go unanswered.
    package var pingTimeout: Milliseconds = 20_000
    /// How long a worker's lease lasts.
    package var lease: Milliseconds = 15_000

    /// JSON depth of a client's message.
    package static let depth = 32
    /// Past this a message closes the connection.
    package static let hardMessage = 32 * 1024 * 1024
    /// The message bound of a worker after its `hello`.
    package static let workerMessage = 17 * 1024 * 1024
    /// Fragments of one message.
    package static let fragments = 16_384

    /// The defaults of the contract.
    package init() {}
}
