package import Domain

/// The times and bounds of an Engine.IO path, as its handshake tells them to clients.
package struct EngineIOConfiguration: Hashable, Sendable {
    /// The time between two pings, in milliseconds.
    package var pingInterval: Milliseconds = 25_000
    /// How long a ping may go unanswered, in milliseconds.
    package var pingTimeout: Milliseconds = 20_000
    /// The bytes of one polling body or WebSocket message from a client.
    package var maxPayload = 1_000_000
    /// How long a change to WebSocket may take, in milliseconds; past it that socket is closed.
    package var upgradeTimeout: Milliseconds = 10_000
    /// How long the first frame of a session that begins on WebSocket is held back, in milliseconds.
    ///
    /// Rounded up to the next tick. Some test suites listen for it only after they have seen the connection open.
    package var handshakeDelay: Milliseconds = 0

    /// The defaults of the contract.
    package init() {}

    /// The handshake packet's data: exactly these five members.
    func handshake(sid: String, upgrades: [String]) -> String {
        var writer = JSONWriter(capacity: 160)
        writer.object {
            $0.field("sid", sid)
            $0.field("upgrades", upgrades)
            $0.field("pingInterval", pingInterval)
            $0.field("pingTimeout", pingTimeout)
            $0.field("maxPayload", maxPayload)
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
