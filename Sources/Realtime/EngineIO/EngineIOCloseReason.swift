/// Why an Engine.IO session has ended.
package enum EngineIOCloseReason: Hashable, Sendable {
    /// The client said so.
    case clientClosed
    /// The client was silent for too long.
    case pingTimeout
    /// The WebSocket ended.
    case transportClosed
    /// The client broke a rule of the transport: two polls at once, a poll given up, a body cut off.
    case transportError
    /// What the client sent is no packet, or not one that it may send.
    case parseError
    /// The server wanted it.
    case serverClosed
}
