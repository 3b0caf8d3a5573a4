import Domain

/// Events as Socket.IO packets (contracts/socketio.md §3, contracts/vframe.md §4).
enum RoomEventEncoder {
    /// The packets of an event in one of Engine.IO's forms; none when there is nothing to tell.
    ///
    /// `native` is the event's native object as JSON.
    static func bytes(_ event: RoomEvent, native: UnsafeRawBufferPointer, format: WireFormat) -> Bytes {
        switch event {
        case .nothing: return Bytes()
        case .taskStart(let uuid):
            return packet("task_start", format) { $0.field("uuid", uuid) }
        case .progress(let uuid, let progress):
            return update(uuid, "progress", format) { $0.value(progress) }
        case .log(let uuid, let level, let message):
            return update(uuid, level == .error ? "error" : "debug", format) { $0.value(message) }
        case .taskEnd(let uuid, let error):
            var bytes = Bytes()
            if let error { bytes.append(update(uuid, "error", format) { $0.value(error) }) }
            bytes.append(packet("task_end", format) { $0.field("uuid", uuid) })
            return bytes
        case .message(let message):
            let arguments = SocketIOArguments(message.arguments, attachments: message.attachments)
            let event = SocketIOPacket.Body.event(name: message.event, arguments, id: nil)
            return SocketIOEncoder.bytes(SocketIOPacket(event, namespace: message.namespace), format: format)
        case .native(let type):
            return SocketIOEventPacket.bytes(event: type, encodedArgument: native, format: format)
        }
    }

    private static func packet(
        _ name: String,
        _ format: WireFormat,
        _ body: (inout JSONWriter) -> Void
    ) -> Bytes {
        var writer = JSONWriter()
        writer.object(body)
        return writer.bytes.withUnsafeBytes {
            SocketIOEventPacket.bytes(event: name, encodedArgument: $0, format: format)
        }
    }

    private static func update(
        _ uuid: String,
        _ type: String,
        _ format: WireFormat,
        _ data: (inout JSONWriter) -> Void
    ) -> Bytes {
        packet("task_update", format) {
            $0.field("uuid", uuid)
            $0.field("type", type)
            $0.name("data")
            data(&$0)
        }
    }
}
