import Domain

/// Packets of type EVENT whose argument stands encoded (contracts/socketio.md §3).
enum SocketIOEventPacket {
    /// An event of the namespace `/` with one argument that is JSON already.
    static func bytes(event: String, encodedArgument: UnsafeRawBufferPointer, format: WireFormat) -> Bytes {
        var writer = JSONWriter(capacity: encodedArgument.count + event.utf8.count + 16)
        writer.array {
            $0.value(event)
            $0.value(encoded: encodedArgument)
        }
        return message([UInt8(ascii: "2")] + writer.bytes, format)
    }

    /// A Socket.IO packet's text as an Engine.IO message.
    static func message(_ text: [UInt8], _ format: WireFormat) -> Bytes {
        guard format == .engineIOPolling else { return MessageEncoder.engineIO(text: text, format: format) }
        return MessageEncoder.engineIO(text: UTF16Escapes.escape(text), format: format)
    }
}
