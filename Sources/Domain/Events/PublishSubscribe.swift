/// A way to send messages to other processes and to hear theirs: named channels, nothing kept.
///
/// No call waits. What is published while the other side is away is lost, and so is what others publish then.
package protocol PublishSubscribe: Sendable {
    /// Sends a message to all who listen to the channel, this process included; in the order of the calls.
    func publish(channel: String, _ message: [UInt8])

    /// Listens to channels from now on.
    ///
    /// `onMessage` is handed every message with its channel, in order; `onState` hears `true` when messages can be
    /// sent and heard, and `false` when no longer. Both come on a thread of the implementation's, one at a time,
    /// and must return soon.
    func listen(
        _ channels: [String],
        onMessage: @escaping @Sendable (_ channel: String, _ message: [UInt8]) -> Void,
        onState: @escaping @Sendable (_ isConnected: Bool) -> Void
    )
}
