import Domain

extension QueueMessage {
    /// The message as python-socketio writes it, member for member, without blanks.
    package var encoded: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            switch body {
            case .emit(let emit):
                Self.write(emit, from: host, into: &writer) { Self.write(argumentsOf: emit, into: &$0) }
            case .callback(let callback, let arguments):
                writer.field("method", "callback")
                writer.field("host_id", host)
                writer.field("sid", callback.room)
                writer.field("namespace", callback.namespace)
                writer.field("id", callback.id)
                writer.field("args", array: { for argument in arguments { $0.value(argument) } })
            case .disconnect(let sid, let namespace):
                writer.field("method", "disconnect")
                writer.field("sid", sid)
                end(namespace, &writer)
            case .enterRoom(let room, let sid, let namespace):
                writer.field("method", "enter_room")
                writer.field("sid", sid)
                writer.field("room", room)
                end(namespace, &writer)
            case .leaveRoom(let room, let sid, let namespace):
                writer.field("method", "leave_room")
                writer.field("sid", sid)
                writer.field("room", room)
                end(namespace, &writer)
            case .closeRoom(let room, let namespace):
                writer.field("method", "close_room")
                writer.field("room", room)
                end(namespace, &writer)
            }
        }
        return writer.bytes
    }

    private func end(_ namespace: String, _ writer: inout JSONWriter) {
        writer.field("namespace", namespace)
        writer.field("host_id", host)
    }

    /// An event whose arguments `body` writes, without a tree in between.
    static func encode(_ emit: Emit, from host: String, arguments body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        writer.object { write(emit, from: host, into: &$0, arguments: body) }
        return writer.bytes
    }

    private static func write(argumentsOf emit: Emit, into writer: inout JSONWriter) {
        guard !emit.attachments.isEmpty else {
            for argument in emit.arguments { writer.value(argument) }
            return
        }
        writer.array { for argument in emit.arguments { $0.value(argument) } }
        for attachment in emit.attachments {
            writer.value(String(decoding: Base64.encode(attachment), as: UTF8.self))
        }
    }

    private static func write(
        _ emit: Emit,
        from host: String?,
        into writer: inout JSONWriter,
        arguments body: (inout JSONWriter) -> Void
    ) {
        writer.field("method", "emit")
        writer.field("event", emit.event)
        writer.field("data", array: body)
        writer.field("binary", !emit.attachments.isEmpty)
        writer.field("namespace", emit.namespace)
        write("room", emit.rooms, into: &writer)
        write("skip_sid", emit.skipping.isEmpty ? nil : emit.skipping.sorted(), into: &writer)
        writer.name("callback")
        if let callback = emit.callback {
            writer.array {
                $0.value(callback.room)
                $0.value(callback.namespace)
                $0.value(callback.id)
            }
        } else {
            writer.null()
        }
        writer.field("host_id", host)
    }

    /// Writes none as null, one as a text and several as a list.
    private static func write(_ name: String, _ texts: [String]?, into writer: inout JSONWriter) {
        writer.name(name)
        guard let texts else { return writer.null() }
        if texts.count == 1 { writer.value(texts[0]) } else { writer.array { for text in texts { $0.value(text) } } }
    }
}
