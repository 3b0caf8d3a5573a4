import Domain
import OrderedCollections

extension QueueMessage {
    /// Why bytes are no message for us; nothing is done then.
    package enum Failure: String, Error, CaseIterable, Sendable {
        /// More than ``QueueMessage/sizeLimit``.
        case tooLarge = "too_large"
        /// Python's pickle format, which older versions of python-socketio write; it is never unpickled.
        case pickled
        /// Not a JSON object with a known `method`.
        case foreign
        /// A known `method` with a field missing or of a wrong type.
        case malformed
    }

    /// Reads a message; throws ``Failure`` for everything that is none.
    package init(_ bytes: [UInt8]) throws(Failure) {
        guard bytes.count <= Self.sizeLimit else { throw .tooLarge }
        // The opcode that begins every pickle since protocol 2; no JSON text begins so.
        guard bytes.first != 0x80 else { throw .pickled }
        guard let json = try? JSONParser.parse(bytes, depth: Self.depthLimit), let method = json["method"]?.string
        else { throw .foreign }
        let namespace = try Self.text(json["namespace"]) ?? RoomMessage.mainNamespace
        host = json["host_id"]?.string
        switch method {
        case "emit": body = .emit(try Self.emit(json, namespace))
        case "callback": body = try Self.callback(json, namespace)
        case "disconnect": body = .disconnect(sid: try Self.required(json["sid"]), namespace: namespace)
        case "enter_room", "leave_room":
            let (room, sid) = (try Self.required(json["room"]), try Self.required(json["sid"]))
            body =
                method == "enter_room"
                ? .enterRoom(room, sid: sid, namespace: namespace) : .leaveRoom(room, sid: sid, namespace: namespace)
        case "close_room": body = .closeRoom(try Self.required(json["room"]), namespace: namespace)
        default: throw .foreign
        }
    }

    private static func emit(_ json: JSON, _ namespace: String) throws(Failure) -> Emit {
        guard let event = json["event"]?.string else { throw .malformed }
        var emit = Emit(event: event, arguments: [], rooms: try texts(json["room"]))
        emit.namespace = namespace
        emit.skipping = Set(try texts(json["skip_sid"]) ?? [])
        if let callback = json["callback"] {
            guard let parts = callback.array, parts.count == 3, let room = parts[0].string else { throw .malformed }
            emit.callback = Callback(room: room, namespace: parts[1].string ?? namespace, id: parts[2])
        }
        guard let data = json["data"]?.array else { throw .malformed }
        if json["binary"]?.bool == true {
            guard let arguments = data.first?.array, data.count - 1 <= attachmentsLimit else { throw .malformed }
            emit.arguments = arguments
            for text in data.dropFirst() {
                guard let text = text.string, let bytes = Base64.decode(Array(text.utf8)) else { throw .malformed }
                emit.attachments.append(bytes)
            }
            let count = emit.attachments.count
            guard arguments.allSatisfy({ areWhole($0, attachments: count) }) else { throw .malformed }
        } else {
            emit.arguments = data
        }
        // A single null is how python-socketio writes that there are no arguments.
        if emit.arguments == [.null] { emit.arguments = [] }
        return emit
    }

    private static func callback(_ json: JSON, _ namespace: String) throws(Failure) -> Body {
        guard let id = json["id"], let arguments = json["args"]?.array else { throw .malformed }
        let callback = Callback(room: try required(json["sid"]), namespace: namespace, id: id)
        return .callback(callback, arguments: arguments)
    }

    private static func required(_ json: JSON?) throws(Failure) -> String {
        guard let text = try text(json), !text.isEmpty else { throw .malformed }
        return text
    }

    /// A text, or `nil` for null and nothing.
    private static func text(_ json: JSON?) throws(Failure) -> String? {
        guard let json else { return nil }
        guard let text = json.string else { throw .malformed }
        return text
    }

    /// A text or a list of texts, in which each counts once; `nil` for null and nothing.
    private static func texts(_ json: JSON?) throws(Failure) -> [String]? {
        guard let json else { return nil }
        if let text = json.string { return [text] }
        guard let elements = json.array, elements.count <= roomsLimit else { throw .malformed }
        var texts: [String] = []
        for element in elements where !element.isNull {
            guard let text = element.string else { throw .malformed }
            if !texts.contains(text) { texts.append(text) }
        }
        return texts
    }

    /// Whether every placeholder in the value stands for one of so many attachments.
    private static func areWhole(_ value: JSON, attachments count: Int) -> Bool {
        switch value {
        case .array(let elements): elements.allSatisfy { areWhole($0, attachments: count) }
        case .object(let members):
            if members["_placeholder"] == .bool(true) {
                members["num"]?.int.map { (0..<count).contains($0) } ?? false
            } else {
                members.values.allSatisfy { areWhole($0, attachments: count) }
            }
        case .null, .bool, .int, .unsigned, .double, .string: true
        }
    }
}
