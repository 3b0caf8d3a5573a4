import Domain
import OrderedCollections

extension ClientMessage {
    /// The bounds of contracts/realtime.md §2, in bytes of JSON.
    private static let paramsLimit = 64 * 1024
    private static let dataLimit = 16 * 1024

    /// Reads a message of the given `type`; throws ``ProtocolError``.
    init(type: String, _ reader: MessageReader) throws(ProtocolError) {
        switch type {
        case "subscribe": self = .subscribe(topics: try reader.topics(), since: try reader.since())
        case "unsubscribe": self = .unsubscribe(topics: try reader.topics())
        case "ping": self = .ping
        case "hello": self = .hello(try Hello(reader))
        case "publish": self = try Self.publish(reader)
        case "task.run": self = .runTask(try Self.request(reader))
        case "task.cancel": self = .cancelTask(try reader.identifier("task"))
        case "task.accept", "task.reject", "task.progress", "task.log", "task.done", "task.fail":
            let task = try reader.identifier("task")
            let lease = try reader.identifier("lease")
            self = .work(task: task, lease: lease, try WorkerWord(type: type, reader))
        case "heartbeat": self = .heartbeat
        default: throw ProtocolError(.unknownType, "there is no message of this type")
        }
    }

    private static func publish(_ reader: MessageReader) throws(ProtocolError) -> ClientMessage {
        let name = try reader.text("topic", 0...256)
        guard case .app(let app)? = Topic(name: name) else {
            throw ProtocolError(.unknownTopic, "only topics app/… can be published to", topic: String(name.prefix(200)))
        }
        guard let data = reader.members["data"] else { throw .bad("data", "data is missing") }
        guard data.encoded.count <= dataLimit else { throw .bad("data", "data is JSON of at most 16 KiB") }
        return .publish(app: app, data: data, key: try reader.optionalText("key", 0...64))
    }

    private static func request(_ reader: MessageReader) throws(ProtocolError) -> TaskRequest {
        let name = try reader.text("name", 1...128)
        let params = reader["params"] ?? .object([:])
        guard params.object != nil, params.encoded.count <= paramsLimit else {
            throw .bad("params", "params is an object of at most 64 KiB")
        }
        return TaskRequest(
            name: name,
            params: params,
            priority: try reader.int("priority", -100...100, default: 0),
            attempts: try reader.int("attempts", 1...100, default: 3),
            requires: reader["requires"] == nil ? nil : try reader.texts("requires", limit: 64, 1...128),
            id: reader["task"] == nil ? nil : try reader.identifier("task")
        )
    }
}

extension ClientMessage.Hello {
    init(_ reader: MessageReader) throws(ProtocolError) {
        name = try reader.text("name", 0...64)
        let word = try reader.optionalText("kind", 0...64) ?? "worker"
        guard let kind = ClientRecord.Kind(rawValue: word) else {
            throw .bad("kind", "kind is worker, dashboard or script")
        }
        self.kind = kind
        if kind == .worker {
            capabilities = try reader.texts("capabilities", limit: 64, 0...128)
            slots = try reader.int("slots", 0...1024)
        } else {
            capabilities = []
            slots = 0
        }
    }
}
