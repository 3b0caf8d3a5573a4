import Domain

/// Packets of type EVENT and BINARY_EVENT on their way to many clients (contracts/socketio.md §3).
enum SocketIOEventPacket {
    /// An event with any number of arguments; `attachments` follow as binary messages of their own.
    static func bytes(
        namespace: String = RoomMessage.mainNamespace,
        event: String,
        arguments: [JSON],
        attachments: [[UInt8]] = [],
        format: WireFormat
    ) -> Bytes {
        var writer = JSONWriter()
        writer.array {
            $0.value(event)
            for argument in arguments { $0.value(argument) }
        }
        var text: [UInt8] = []
        text.reserveCapacity(writer.bytes.count + 16)
        text.append(contentsOf: (attachments.isEmpty ? "2" : "5\(attachments.count)-").utf8)
        if namespace != RoomMessage.mainNamespace { text.append(contentsOf: "\(namespace),".utf8) }
        text.append(contentsOf: writer.bytes)
        var bytes = message(text, format)
        for attachment in attachments { bytes.append(MessageEncoder.engineIO(binary: attachment, format: format)) }
        return bytes
    }

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
