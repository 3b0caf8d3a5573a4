package import Domain
import OrderedCollections

extension Event {
    /// The type of ``Event/appMessage(name:from:data:key:)`` on the wire.
    static let appMessageType = "app.message"

    /// Whether other processes are to hear of it, in whatever words.
    var isShared: Bool {
        switch self {
        case .libraryAdded, .libraryChanged, .libraryRemoved, .libraryCounts, .modelsChanged, .tagsChanged,
            .pictureTagsChanged, .logLine:
            false
        case .taskCreated, .taskStarted, .taskProgress, .taskLog, .taskRequeued, .taskFinished, .taskWaiting,
            .tasksWaiting, .clientJoined, .clientLeft, .clientChanged, .appMessage, .roomMessage:
            true
        }
    }

    /// What the clients of all Socket.IO processes on the queue are to be sent.
    ///
    /// Messages to rooms as they are; tasks as VFrame's events to the room `/client`; what is published to `app/x` as
    /// `app.message` to the room `app/x`, with the native object.
    var emits: [QueueMessage.Emit] {
        switch RoomEvent(self) {
        case .nothing: return []
        case .taskStart(let uuid): return [Self.task("task_start", uuid)]
        case .progress(let uuid, let progress): return [Self.update(uuid, "progress", progress.json)]
        case .log(let uuid, let level, let message):
            return [Self.update(uuid, level == .error ? "error" : "debug", .string(message))]
        case .taskEnd(let uuid, let error):
            return (error.map { [Self.update(uuid, "error", .string($0))] } ?? []) + [Self.task("task_end", uuid)]
        case .message(let message): return Self.emits(message)
        case .native:
            guard case .appMessage(let name, let from, let data, let key) = self else { return [] }
            var object: JSON = ["topic": .string("app/\(name)"), "from": .string(from), "data": data]
            if let key { object = object.with("key", .string(key)) }
            return [QueueMessage.Emit(event: Self.appMessageType, arguments: [object], rooms: ["app/\(name)"])]
        }
    }

    private static func task(_ event: String, _ uuid: String) -> QueueMessage.Emit {
        QueueMessage.Emit(event: event, arguments: [["uuid": .string(uuid)]], rooms: [RoomMessage.taskRoom])
    }

    private static func update(_ uuid: String, _ type: String, _ data: JSON) -> QueueMessage.Emit {
        let update: JSON = ["uuid": .string(uuid), "type": .string(type), "data": data]
        return QueueMessage.Emit(event: "task_update", arguments: [update], rooms: [RoomMessage.taskRoom])
    }

    private static func emits(_ message: RoomMessage) -> [QueueMessage.Emit] {
        // Only servers speak there.
        guard message.namespace != ClusterMessage.namespace else { return [] }
        let rooms = message.room.map { [$0] + message.moreRooms }
        var emit = QueueMessage.Emit(event: message.event, arguments: message.arguments, rooms: rooms)
        emit.namespace = message.namespace
        emit.attachments = message.attachments
        emit.skipping = message.skipping
        return [emit]
    }
}

extension JSON {
    /// The object with one more member.
    fileprivate func with(_ name: String, _ value: JSON) -> JSON {
        guard case .object(var members) = self else { return self }
        members[name] = value
        return .object(members)
    }
}

extension MessageQueue: ClientMessenger {
    /// Sends the event `task` to one client, wherever it is connected (contracts/vframe.md §3, `socket/event`).
    package func send(event: JSON, toClient id: String) -> Bool {
        guard let client = hub.journal.read({ $0.clients.client(id) }) else { return false }
        guard client.server != nil else { return hub.send(event: event, toClient: id) }
        let emit = QueueMessage.Emit(event: "task", arguments: [event], rooms: [id])
        loop.execute { [self] in send(emit) }
        return true
    }
}
