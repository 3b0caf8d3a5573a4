/// A WebSocket as an Engine.IO session sees it; ``Link/close()`` is the closing handshake.
protocol EngineWebSocket: Link {
    /// Keeps the session's slot until the connection is closed, which may be after the session's end.
    func hold(_ slot: ConnectionSlot)
}

/// Who hears what an Engine.IO WebSocket has to say; all calls come on one loop.
protocol EngineSocketOwner: AnyObject {
    /// A packet, or `nil` for a message that is none.
    func received(_ packet: EngineIOPacket?, from socket: any Link)

    /// It takes bytes again after it was not writable.
    func writable(_ socket: any Link)

    /// It has ended; comes last, once.
    func closed(_ socket: any Link)
}
