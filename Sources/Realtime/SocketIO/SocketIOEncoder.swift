import Domain

/// Writes packets (contracts/socketio.md §3).
enum SocketIOEncoder {
    /// The packet's text; its attachments are binary messages of their own.
    ///
    /// Control characters and those beyond the Basic Multilingual Plane in the namespace, which only the refusal of
    /// an unknown one can have, become U+FFFD: neither may stand in a polling payload.
    static func text(_ packet: SocketIOPacket) -> [UInt8] {
        var writer = JSONWriter(capacity: 128)
        let head: String
        switch packet.body {
        case .connect(let payload):
            head = "0" + namespace(packet)
            if let payload { writer.value(payload) }
        case .disconnect: head = "1" + namespace(packet)
        case .event(let name, let arguments, let id):
            head = type("2", "5", arguments) + namespace(packet) + (id.map(String.init) ?? "")
            writer.array { writer in
                writer.value(name)
                for value in arguments.values { writer.value(value) }
            }
        case .acknowledgement(let id, let arguments):
            head = type("3", "6", arguments) + namespace(packet) + String(id)
            writer.array { writer in
                for value in arguments.values { writer.value(value) }
            }
        case .refusal(let reason):
            head = "4" + namespace(packet)
            writer.value(reason)
        }
        return head.utf8 + writer.bytes
    }

    private static func type(_ plain: String, _ binary: String, _ arguments: SocketIOArguments) -> String {
        arguments.attachments.isEmpty ? plain : "\(binary)\(arguments.attachments.count)-"
    }

    private static func namespace(_ packet: SocketIOPacket) -> String {
        guard packet.namespace != SocketIOPacket.mainNamespace else { return "" }
        var name = String.UnicodeScalarView()
        for scalar in packet.namespace.unicodeScalars {
            name.append((0x20...0xFFFF).contains(scalar.value) ? scalar : "\u{FFFD}")
        }
        return String(name) + ","
    }
}
