/// One Engine.IO packet (contracts/socketio.md §2).
enum EngineIOPacket: Hashable, Sendable {
    /// The handshake, as JSON.
    case open(String)
    case close
    case ping(String)
    case pong(String)
    case message(String)
    case binary([UInt8])
    case upgrade
    case noop

    /// Reads the text form: a digit, then the data; binary messages are base64 behind `b`, in version 3 behind `b4`.
    ///
    /// `nil` for an unknown type, for text that is not UTF-8 and for what is no base64. What stands behind the digit
    /// of a packet that has no data is not looked at.
    init?(text: some RandomAccessCollection<UInt8>, version: EngineIOVersion) {
        guard let type = text.first else { return nil }
        let rest = text.dropFirst()
        if type == UInt8(ascii: "b") {
            if version == .v3, rest.first != UInt8(ascii: "4") { return nil }
            guard let bytes = Base64.decode(version == .v3 ? rest.dropFirst() : rest) else { return nil }
            self = .binary(bytes)
            return
        }
        guard let data = String(validating: rest, as: UTF8.self) else { return nil }
        switch type {
        case UInt8(ascii: "0"): self = .open(data)
        case UInt8(ascii: "1"): self = .close
        case UInt8(ascii: "2"): self = .ping(data)
        case UInt8(ascii: "3"): self = .pong(data)
        case UInt8(ascii: "4"): self = .message(data)
        case UInt8(ascii: "5"): self = .upgrade
        case UInt8(ascii: "6"): self = .noop
        default: return nil
        }
    }

    /// Reads the binary form, which only messages have: the bytes themselves, in version 3 behind the number 4.
    ///
    /// `nil` for another type of packet.
    init?(binary: some RandomAccessCollection<UInt8>, version: EngineIOVersion) {
        switch version {
        case .v4: self = .binary(Array(binary))
        case .v3:
            guard binary.first == 4 else { return nil }
            self = .binary(Array(binary.dropFirst()))
        }
    }

    /// The packet as version 4 writes it into a polling payload.
    var text: [UInt8] {
        switch self {
        case .open(let data): Self.text("0", data)
        case .close: Self.text("1", "")
        case .ping(let data): Self.text("2", data)
        case .pong(let data): Self.text("3", data)
        case .message(let data): Self.text("4", data)
        case .binary(let data): [UInt8(ascii: "b")] + Base64.encode(data)
        case .upgrade: Self.text("5", "")
        case .noop: Self.text("6", "")
        }
    }

    private static func text(_ type: StaticString, _ data: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(data.utf8.count + 1)
        type.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: data.utf8)
        return bytes
    }
}
