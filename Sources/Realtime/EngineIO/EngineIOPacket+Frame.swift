extension EngineIOPacket {
    /// The packet as a WebSocket frame.
    func frame(_ version: EngineIOVersion) -> Bytes {
        if case .binary(let data) = self {
            return MessageEncoder.engineIO(binary: data, format: .engineIOWebSocket(version))
        }
        return MessageEncoder.engineIO(packet: text, format: .engineIOWebSocket(version))
    }
}
