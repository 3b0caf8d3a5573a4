/// Engine.IO messages in the forms that leave the server (contracts/socketio.md §2).
///
/// For polling, packets stand one behind the other in their text form of revision 4, each ended by
/// ``recordSeparator``; what a version 3 client gets is made of them when its poll is answered. For WebSocket they
/// are whole frames.
extension MessageEncoder {
    /// What ends each packet in ``WireFormat/engineIOPolling``.
    static let recordSeparator: UInt8 = 0x1E
    private static let message = UInt8(ascii: "4")
    private static let binaryMark = UInt8(ascii: "b")

    /// A packet of type `message` with text.
    static func engineIO(text: some Collection<UInt8>, format: WireFormat) -> Bytes {
        var packet: [UInt8] = []
        packet.reserveCapacity(text.count + 2)
        packet.append(message)
        packet.append(contentsOf: text)
        return engineIO(packet: packet, format: format)
    }

    /// A whole packet in its text form.
    static func engineIO(packet: [UInt8], format: WireFormat) -> Bytes {
        switch format {
        case .engineIOPolling:
            var bytes = Bytes(capacity: packet.count + 1)
            packet.withUnsafeBytes { bytes.write($0) }
            bytes.write(byte: recordSeparator)
            return bytes
        case .engineIOWebSocket, .webSocket, .webSocketDeflate, .eventStream: return webSocket(packet)
        }
    }

    /// A packet of type `message` with binary data.
    static func engineIO(binary: some RandomAccessCollection<UInt8>, format: WireFormat) -> Bytes {
        switch format {
        case .engineIOPolling:
            var packet = Base64.encode(binary)
            packet.insert(binaryMark, at: 0)
            return engineIO(packet: packet, format: format)
        case .engineIOWebSocket(.v3):
            // The packet type as a number, not as a character.
            return frame(binary: [4] + Array(binary))
        case .engineIOWebSocket(.v4), .webSocket, .webSocketDeflate, .eventStream:
            return frame(binary: Array(binary))
        }
    }

    private static func frame(binary payload: [UInt8]) -> Bytes {
        var bytes = Bytes(capacity: payload.count + 10)
        payload.withUnsafeBytes { FrameEncoder.encode(.binary, $0, rsv1: false, into: &bytes) }
        return bytes
    }

    /// The packets of `polling` as WebSocket frames, for a client that has changed its transport.
    static func recode(polling: Bytes, to version: EngineIOVersion) -> Bytes {
        var frames = Bytes(capacity: polling.count)
        polling.withUnsafeBytes { bytes in
            for packet in bytes.split(separator: recordSeparator) {
                if packet.first == binaryMark {
                    let data = Base64.decode(packet.dropFirst()) ?? []
                    frames.append(engineIO(binary: data, format: .engineIOWebSocket(version)))
                } else {
                    FrameEncoder.encode(.text, UnsafeRawBufferPointer(rebasing: packet), rsv1: false, into: &frames)
                }
            }
        }
        return frames
    }
}
