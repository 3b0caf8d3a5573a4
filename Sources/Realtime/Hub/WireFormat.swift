/// The forms in which one event leaves; each event is encoded at most once in each.
package enum WireFormat: Hashable, Sendable {
    /// An uncompressed WebSocket text frame (RFC 6455 §5.6).
    case webSocket
    /// A compressed one without context takeover (RFC 7692 §7.1.1), for every peer with these window bits.
    case webSocketDeflate(windowBits: Int)
    /// A block of an event stream (HTML standard, "Server-sent events").
    case eventStream
    /// Socket.IO packets for polling, each ended by the record separator 0x1E (contracts/socketio.md §2).
    case engineIOPolling
    /// Socket.IO packets as WebSocket frames.
    case engineIOWebSocket(EngineIOVersion)

    /// Whether Socket.IO packets stand in it.
    var isEngineIO: Bool {
        switch self {
        case .engineIOPolling, .engineIOWebSocket: true
        case .webSocket, .webSocketDeflate, .eventStream: false
        }
    }
}
