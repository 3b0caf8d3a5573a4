/// The packets of one polling body, in all forms that the two versions have (contracts/socketio.md §2).
///
/// What goes out is made of packets in their version 4 text form, see ``EngineIOPacket/text``.
enum EngineIOPayload {
    /// What a client may send or wants to get.
    enum Form: Hashable, Sendable {
        /// Packets with the record separator 0x1E between them.
        case v4
        /// Each packet behind its length in UTF-16 units.
        case v3Text
        /// Each packet behind its kind and its length in bytes.
        case v3Binary
    }

    /// A body that does not consist of packets.
    struct Malformed: Error, Hashable {}

    static let separator: UInt8 = 0x1E
    private static let colon = UInt8(ascii: ":")
    private static let binaryMark = UInt8(ascii: "b")

    // MARK: - Reading

    /// Reads a body; throws ``Malformed`` when any of it is no packet, or when it has none.
    static func decode(_ body: [UInt8], _ form: Form) throws(Malformed) -> [EngineIOPacket] {
        switch form {
        case .v4:
            var packets: [EngineIOPacket] = []
            for text in body.split(separator: separator, omittingEmptySubsequences: false) {
                guard let packet = EngineIOPacket(text: text, version: .v4) else { throw Malformed() }
                packets.append(packet)
            }
            return packets
        case .v3Text: return try decodeText(body)
        case .v3Binary: return try decodeBinary(body)
        }
    }

    private static func decodeText(_ body: [UInt8]) throws(Malformed) -> [EngineIOPacket] {
        var packets: [EngineIOPacket] = []
        var rest = body[...]
        repeat {
            guard let end = rest.firstIndex(of: colon), let length = decimal(rest[..<end].map { $0 &- 48 }) else {
                throw Malformed()
            }
            let start = end + 1
            guard let stop = index(afterUnits: length, in: rest[start...]) else { throw Malformed() }
            guard let packet = EngineIOPacket(text: rest[start..<stop], version: .v3) else { throw Malformed() }
            packets.append(packet)
            rest = rest[stop...]
        } while !rest.isEmpty
        return packets
    }

    private static func decodeBinary(_ body: [UInt8]) throws(Malformed) -> [EngineIOPacket] {
        var packets: [EngineIOPacket] = []
        var rest = body[...]
        repeat {
            guard let kind = rest.popFirst(), kind <= 1, let end = rest.firstIndex(of: 0xFF),
                let length = decimal(rest[..<end]), length <= rest.endIndex - end - 1
            else { throw Malformed() }
            let content = rest[(end + 1)...].prefix(length)
            let packet =
                kind == 0
                ? EngineIOPacket(text: content, version: .v3) : EngineIOPacket(binary: content, version: .v3)
            guard let packet else { throw Malformed() }
            packets.append(packet)
            rest = rest[content.endIndex...]
        } while !rest.isEmpty
        return packets
    }

    /// The number that has these digits, of which there must be 1 to 10, each 0 to 9.
    private static func decimal(_ digits: some Collection<UInt8>) -> Int? {
        guard (1...10).contains(digits.count), digits.allSatisfy({ $0 <= 9 }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1) }
    }

    /// Where in the UTF-8 so many UTF-16 units end; `nil` beyond its end or in the middle of a character.
    private static func index(afterUnits count: Int, in text: ArraySlice<UInt8>) -> Int? {
        var index = text.startIndex
        var left = count
        while left > 0 {
            guard index < text.endIndex else { return nil }
            left -= text[index] >= 0xF0 ? 2 : 1
            index += 1
            while index < text.endIndex, text[index] & 0xC0 == 0x80 { index += 1 }
        }
        return left == 0 ? index : nil
    }

    // MARK: - Writing

    /// The form in which the packets go to a client that takes binary bodies or not.
    static func form(of packets: [[UInt8]], version: EngineIOVersion, takesBinary: Bool) -> Form {
        guard version == .v3 else { return .v4 }
        return takesBinary && packets.contains { $0.first == binaryMark } ? .v3Binary : .v3Text
    }

    /// Writes packets, of which there must be at least one.
    static func encode(_ packets: [[UInt8]], _ form: Form) -> [UInt8] {
        switch form {
        case .v4: Array(packets.joined(separator: [separator]))
        case .v3Text: packets.flatMap(text)
        case .v3Binary: packets.flatMap(binary)
        }
    }

    private static func text(_ packet: [UInt8]) -> [UInt8] {
        var packet = packet
        if packet.first == binaryMark { packet.insert(UInt8(ascii: "4"), at: 1) }
        let units = packet.reduce(0) { $0 + ($1 >= 0xF0 ? 2 : $1 & 0xC0 == 0x80 ? 0 : 1) }
        return Array(String(units).utf8) + [colon] + packet
    }

    private static func binary(_ packet: [UInt8]) -> [UInt8] {
        var content = packet
        let isBinary = packet.first == binaryMark
        if isBinary { content = [4] + (Base64.decode(packet.dropFirst()) ?? []) }
        let digits = String(content.count).utf8.map { $0 - 48 }
        return [isBinary ? 1 : 0] + digits + [0xFF] + content
    }
}
