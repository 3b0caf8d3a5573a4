extension SocketIOEncoder {
    /// The packet with its attachments, in one of Engine.IO's forms.
    static func bytes(_ packet: SocketIOPacket, format: WireFormat) -> Bytes {
        var bytes = SocketIOEventPacket.message(text(packet), format)
        switch packet.body {
        case .event(_, let arguments, _), .acknowledgement(_, let arguments):
            for attachment in arguments.attachments {
                bytes.append(MessageEncoder.engineIO(binary: attachment, format: format))
            }
        case .connect, .disconnect, .refusal: break
        }
        return bytes
    }
}
