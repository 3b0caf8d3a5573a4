import Domain
import OrderedCollections

/// Reads the packets of a client from the messages of its Engine.IO connection (contracts/socketio.md §3).
///
///     <type>[<attachments>-][<namespace>,][<ack id>][JSON]
///
/// A packet with attachments is whole once they have come, each as a binary message, with nothing in between. After a
/// ``SocketIOFailure`` the connection is to be closed; the decoder itself begins anew.
package struct SocketIODecoder {
    /// How many attachments a packet may have unless said otherwise.
    package static let attachmentsLimit = 10
    /// The greatest length of a namespace, in bytes of UTF-8 and with its query.
    package static let namespaceLimit = 1_024
    /// The names of events that a client must not send.
    package static let reservedEvents: Set<String> = [
        "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener",
    ]

    private enum Kind: UInt8 {
        case connect = 0
        case disconnect = 1
        case event = 2
        case acknowledgement = 3
        case refusal = 4
        case binaryEvent = 5
        case binaryAcknowledgement = 6

        var hasAttachments: Bool { self == .binaryEvent || self == .binaryAcknowledgement }
    }

    /// A packet whose attachments have not all come.
    private struct Unfinished {
        var packet: SocketIOPacket
        var missing: Int
        var attachments: [[UInt8]] = []
    }

    private let maxAttachments: Int
    private var unfinished: Unfinished?

    /// A decoder of packets with up to `maxAttachments` attachments.
    package init(maxAttachments: Int = attachmentsLimit) {
        self.maxAttachments = maxAttachments
    }

    /// Takes a text message; returns its packet unless attachments are to follow.
    ///
    /// Throws ``SocketIOFailure``.
    package mutating func receive(text: String) throws(SocketIOFailure) -> SocketIOPacket? {
        guard unfinished == nil else {
            unfinished = nil
            throw .missingAttachment
        }
        var text = text
        let result: Result<(SocketIOPacket, Int), SocketIOFailure> = text.withUTF8 { utf8 in
            do throws(SocketIOFailure) {
                return .success(try parse(UnsafeRawBufferPointer(utf8)))
            } catch {
                return .failure(error)
            }
        }
        let (packet, attachments) = try result.get()
        guard attachments > 0 else { return packet }
        unfinished = Unfinished(packet: packet, missing: attachments)
        return nil
    }

    /// Takes a binary message; returns the packet that it completes.
    ///
    /// Throws ``SocketIOFailure/unexpectedAttachment`` when no packet waits for one.
    package mutating func receive(binary: [UInt8]) throws(SocketIOFailure) -> SocketIOPacket? {
        guard var waiting = unfinished else { throw .unexpectedAttachment }
        waiting.attachments.append(binary)
        waiting.missing -= 1
        guard waiting.missing == 0 else {
            unfinished = waiting
            return nil
        }
        unfinished = nil
        var packet = waiting.packet
        switch packet.body {
        case .event(let name, var arguments, let id):
            arguments.attachments = waiting.attachments
            packet.body = .event(name: name, arguments, id: id)
        case .acknowledgement(let id, var arguments):
            arguments.attachments = waiting.attachments
            packet.body = .acknowledgement(id: id, arguments)
        case .connect, .disconnect, .refusal: break
        }
        return packet
    }

    // MARK: - Reading

    private func parse(_ bytes: UnsafeRawBufferPointer) throws(SocketIOFailure) -> (SocketIOPacket, attachments: Int) {
        var reader = Reader(bytes)
        guard let digit = reader.next(), let kind = Kind(rawValue: digit &- UInt8(ascii: "0")) else {
            throw .unknownType
        }
        let attachments = kind.hasAttachments ? try reader.attachmentCount(limit: maxAttachments) : 0
        let namespace = try reader.namespace()
        let id = try reader.id()
        let body = try Self.body(kind, id: id, try reader.payload(), attachments: attachments)
        return (SocketIOPacket(body, namespace: namespace), attachments)
    }

    private static func body(
        _ kind: Kind,
        id: Int?,
        _ payload: JSON?,
        attachments: Int
    ) throws(SocketIOFailure) -> SocketIOPacket.Body {
        switch kind {
        case .connect:
            guard payload == nil || payload?.object != nil else { throw .badPayload }
            return .connect(payload)
        case .disconnect:
            guard payload == nil else { throw .badPayload }
            return .disconnect
        case .refusal: throw .notForClients
        case .event, .binaryEvent:
            guard let values = payload?.array, let name = values.first.flatMap(eventName) else { throw .badPayload }
            guard !reservedEvents.contains(name) else { throw .reservedEvent }
            let arguments = Array(values.dropFirst())
            if kind == .binaryEvent { try checkPlaceholders(arguments, attachments) }
            return .event(name: name, SocketIOArguments(arguments), id: id)
        case .acknowledgement, .binaryAcknowledgement:
            guard let id else { throw .badID }
            guard let values = payload?.array else { throw .badPayload }
            if kind == .binaryAcknowledgement { try checkPlaceholders(values, attachments) }
            return .acknowledgement(id: id, SocketIOArguments(values))
        }
    }

    /// The name of an event: a text, or the digits of a number.
    private static func eventName(_ value: JSON) -> String? {
        switch value {
        case .string(let name): name
        case .int, .unsigned, .double: value.text
        case .null, .bool, .array, .object: nil
        }
    }

    private static func checkPlaceholders(_ values: [JSON], _ attachments: Int) throws(SocketIOFailure) {
        for value in values {
            switch value {
            case .array(let elements): try checkPlaceholders(elements, attachments)
            case .object(let members):
                if members["_placeholder"] == true {
                    guard let number = value["num"]?.int, (0..<attachments).contains(number) else {
                        throw .badPlaceholder
                    }
                } else {
                    try checkPlaceholders(Array(members.values), attachments)
                }
            case .null, .bool, .int, .unsigned, .double, .string: break
            }
        }
    }

    /// Goes through the parts of one packet's text.
    private struct Reader {
        /// The greatest id, 2^53-1.
        private static let idLimit = 1 << 53
        private let bytes: UnsafeRawBufferPointer
        private var index = 0

        init(_ bytes: UnsafeRawBufferPointer) {
            self.bytes = bytes
        }

        private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

        mutating func next() -> UInt8? {
            guard let byte = current else { return nil }
            index += 1
            return byte
        }

        /// The number that begins here; `nil` for none, and for one that is `limit` or more.
        private mutating func number(below limit: Int) -> Int? {
            var value: Int?
            while let digit = current.map({ $0 &- UInt8(ascii: "0") }), digit < 10 {
                let known = value ?? 0
                guard known < limit else { return nil }
                value = known * 10 + Int(digit)
                index += 1
            }
            return value.flatMap { $0 < limit ? $0 : nil }
        }

        mutating func attachmentCount(limit: Int) throws(SocketIOFailure) -> Int {
            guard let count = number(below: limit + 1), next() == UInt8(ascii: "-") else { throw .badAttachmentCount }
            return count
        }

        /// The namespace without its query; the comma behind it may be missing when nothing follows.
        mutating func namespace() throws(SocketIOFailure) -> String {
            guard current == UInt8(ascii: "/") else { return SocketIOPacket.mainNamespace }
            let rest = bytes[index...]
            let end = rest.firstIndex(of: UInt8(ascii: ",")) ?? bytes.count
            let text = rest[..<end]
            guard text.count <= namespaceLimit else { throw .badNamespace }
            index = min(end + 1, bytes.count)
            let name = text.prefix { $0 != UInt8(ascii: "?") }
            return String(decoding: UnsafeRawBufferPointer(rebasing: name), as: UTF8.self)
        }

        mutating func id() throws(SocketIOFailure) -> Int? {
            guard let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            guard let id = number(below: Self.idLimit) else { throw .badID }
            return id
        }

        /// All that is left, read as JSON; `nil` when nothing is left.
        func payload() throws(SocketIOFailure) -> JSON? {
            guard index < bytes.count else { return nil }
            do throws(JSONError) {
                return try JSONParser.parse(
                    UnsafeRawBufferPointer(rebasing: bytes[index...]),
                    depth: HubConfiguration.depth
                )
            } catch {
                throw .badPayload
            }
        }
    }
}
