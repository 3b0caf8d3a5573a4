/// One listener to some channels; it lasts over reconnects, until it is given back.
///
/// Both handlers are called on the connection's thread, one at a time and in order, and must return soon.
package final class RedisSubscription: Sendable {
    package let channels: [String]
    let onMessage: @Sendable (_ channel: String, _ message: [UInt8]) -> Void
    /// Told `connected` each time all channels are confirmed, and `away` when they no longer are: what was published
    /// in between is lost.
    let onState: @Sendable (RedisState) -> Void

    init(
        channels: [String],
        onMessage: @escaping @Sendable (String, [UInt8]) -> Void,
        onState: @escaping @Sendable (RedisState) -> Void
    ) {
        self.channels = channels
        self.onMessage = onMessage
        self.onState = onState
    }
}
