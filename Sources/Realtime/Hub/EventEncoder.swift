import Domain

/// Events in the words of the native protocol (contracts/realtime.md §5).
enum EventEncoder {
    /// The event as one JSON object: `type`, `offset`, `at`, `key`, then its own fields.
    static func encode(_ entry: Journal.Entry) -> [UInt8] {
        var writer = JSONWriter(capacity: 512)
        writer.object { writer in
            writer.field("type", entry.event.type)
            writer.field("offset", entry.offset)
            writer.field("at", entry.at)
            writer.field("key", entry.event.key)
            fields(entry.event, into: &writer)
        }
        return writer.bytes
    }

    private static func fields(_ event: Event, into writer: inout JSONWriter) {
        switch event {
        case .taskCreated(let task), .taskFinished(let task):
            writer.field("task", task.id)
            writer.name("info")
            writer.value(task)
        case .taskStarted(let task):
            writer.field("task", task.id)
            writer.field("attempt", task.attempt)
            writer.name("executor")
            writer.value(task.executor ?? .local)
        case .taskProgress(let task):
            writer.field("task", task.id)
            writer.field("attempt", task.attempt)
            if let progress = task.progress { writer.field("progress", progress) }
        case .taskLog(let id, let line):
            writer.field("task", id)
            writer.field("level", line.level.rawValue)
            writer.field("message", line.message)
        case .taskRequeued(let task, let attempt, let reason):
            writer.field("task", task.id)
            writer.field("attempt", attempt)
            writer.field("reason", reason.rawValue)
        case .taskWaiting(let task):
            writer.field("task", task.id)
            writer.name("waiting")
            if let waiting = task.waiting { writer.value(waiting) } else { writer.null() }
        case .tasksWaiting(let requires, let waiting):
            writer.field("requires", Event.list(requires))
            writer.name("waiting")
            if let waiting { writer.value(waiting) } else { writer.null() }
        case .clientJoined(let client), .clientChanged(let client):
            writer.field("client", client.id)
            writer.name("info")
            writer.value(client)
        case .clientLeft(let id):
            writer.field("client", id)
        case .libraryAdded(let items), .libraryChanged(let items):
            writer.field("items", array: { for item in items { $0.value(item) } })
        case .libraryRemoved(let items):
            writer.field("items", array: { for item in items { $0.value(item) } })
        case .libraryCounts(let counts):
            writer.field("counts", counts)
        case .modelsChanged(let change), .tagsChanged(let change), .pictureTagsChanged(let change):
            writer.field("action", change.action.rawValue)
            writer.field("name", change.name)
            writer.field("item", change.item)
        case .logLine(let line):
            writer.field("level", line.level.rawValue)
            writer.field("message", line.message)
            writer.field("source", line.source)
        case .appMessage(let name, let from, let data, key: _):
            writer.field("topic", Topic.app(name).name)
            writer.field("from", from)
            writer.field("data", data)
        case .roomMessage(let message):
            // Native clients get it when the room's name is that of a topic of theirs.
            if let room = message.room { writer.field("topic", Topic.app(room).name) }
            writer.field("from", message.sender)
            writer.field(
                "data",
                object: {
                    $0.field("event", message.event)
                    $0.field(
                        "args",
                        array: { for argument in message.arguments { $0.value(argument.showing(message.attachments)) } }
                    )
                }
            )
        }
    }
}
