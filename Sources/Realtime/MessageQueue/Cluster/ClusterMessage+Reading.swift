import Domain
import OrderedCollections

extension ClusterMessage {
    /// Reads an event of the servers' namespace; `nil` when it is none of this version or malformed.
    package init?(_ emit: QueueMessage.Emit) {
        guard emit.namespace == Self.namespace, let data = emit.arguments.first, data["v"]?.int == Self.version,
            let server = data["server"]?.string, (1...Self.nameLimit).contains(server.utf8.count),
            let number = data["n"]?.int, (0...Self.countLimit).contains(number),
            let emits = data["emits"]?.int, (0...Self.countLimit).contains(emits),
            let body = Self.body(emit.event, data)
        else { return nil }
        self.init(body, server: server, number: number, emits: emits)
    }

    /// The greatest length of a server's name, in bytes.
    private static let nameLimit = 256
    /// The greatest count that is believed, 2^53; what is counted on from there cannot overflow.
    private static let countLimit = 1 << 53

    private static func body(_ event: String, _ data: JSON) -> Body? {
        switch event {
        case "hello": .hello
        case "beat": .beat
        case "bye": .bye
        case "ask": data["host"]?.string.map(Body.ask)
        case "cancel": cancel(data)
        case "state": part(data).map(Body.state)
        case "changes": list(data["changes"], change).map(Body.changes)
        default: nil
        }
    }

    private static func cancel(_ data: JSON) -> Body? {
        guard let task = data["task"]?.string, let server = data["of"]?.string else { return nil }
        return .cancel(task: task, server: server)
    }

    private static func part(_ data: JSON) -> StatePart? {
        guard let index = data["part"]?.int, index >= 0, let isLast = data["last"]?.bool,
            let isWhole = data["whole"]?.bool, let clients = list(data["clients"], ClientRecord.init),
            let tasks = list(data["tasks"], TaskRecord.init), let relays = data["relays"]?.object,
            relays.count <= itemsLimit
        else { return nil }
        var part = StatePart(index: index, isLast: isLast)
        part.isWhole = isWhole
        part.clients = clients
        part.tasks = tasks
        for (uuid, said) in relays { part.relays[uuid] = said.object ?? [:] }
        return part
    }

    private static func change(_ json: JSON) -> ClusterChange? {
        if let client = json["client"] { return ClientRecord(client).map(ClusterChange.client) }
        if let id = json["left"]?.string { return .clientLeft(id) }
        if let task = json["task"] {
            let reason = json["reason"]?.string.flatMap(RequeueReason.init(rawValue:))
            return TaskRecord(task).map { .task($0, requeue: reason) }
        }
        if let progress = json["progress"].flatMap(TaskRecord.Progress.init) {
            guard let task = json["of"]?.string, let attempt = json["attempt"]?.int else { return nil }
            return .progress(task: task, attempt: attempt, progress)
        }
        if let log = json["log"] {
            guard let task = json["of"]?.string, let at = log["at"]?.int,
                let level = log["level"]?.string.flatMap(LogLevel.init(rawValue:)),
                let message = log["message"]?.string
            else { return nil }
            return .log(task: task, TaskLogLine(at: at, level: level, message: message))
        }
        guard let requires = json["requires"]?.array else { return nil }
        let except = json["except"]?.array ?? []
        return .waiting(
            requires: Set(requires.compactMap(\.string)),
            json["waiting"]?.string,
            except: Set(except.compactMap(\.string))
        )
    }

    /// The elements that can be read, which leaves out what a later release may have added; `nil` when there are too
    /// many.
    private static func list<Element>(_ json: JSON?, _ read: (JSON) -> Element?) -> [Element]? {
        guard let elements = json?.array, elements.count <= itemsLimit else { return nil }
        return elements.compactMap(read)
    }
}
