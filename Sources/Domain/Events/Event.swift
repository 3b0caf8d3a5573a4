/// Something that happened, for whoever listens (contracts/realtime.md §5).
///
/// Domain publishes events to the ``Journal``, which numbers them; it does not know who listens.
package enum Event: Sendable {
    case taskCreated(TaskRecord)
    /// The record after the start: `attempt` and `executor` are set.
    case taskStarted(TaskRecord)
    /// The record with its new `progress`.
    case taskProgress(TaskRecord)
    case taskLog(task: String, line: TaskLogLine)
    /// The record is queued again; `attempt` is the one that ended.
    case taskRequeued(TaskRecord, attempt: Int, reason: RequeueReason)
    /// The record in its final state; nothing of this task follows.
    case taskFinished(TaskRecord)
    /// The record, still queued, with another reason why it is not running; of this task alone.
    case taskWaiting(TaskRecord)
    /// Why none of the queued tasks that need a worker with exactly these capabilities is running; `nil`: it will soon.
    case tasksWaiting(requires: Set<String>, waiting: String?)
    case clientJoined(ClientRecord)
    case clientLeft(id: String)
    case clientChanged(ClientRecord)
    /// At most 100 items.
    case libraryAdded([LibraryItem])
    case libraryChanged([LibraryItem])
    case libraryRemoved([LibraryItem.Removed])
    case libraryCounts(LibraryCounts)
    /// A model of the gallery.
    case modelsChanged(CatalogChange)
    /// A word of the tag vocabulary of models and assets.
    case tagsChanged(CatalogChange)
    /// A tag that people give pictures; on the wire it is told apart by the type of its item.
    case pictureTagsChanged(CatalogChange)
    case logLine(LogLine)
    /// A client's own message to `app/<name>`.
    case appMessage(name: String, from: String, data: JSON, key: String?)
    /// An event for a room of Socket.IO clients.
    case roomMessage(RoomMessage)

    /// The greatest number of items in one library event; a scan sends several.
    package static let itemsLimit = 100

    /// The event's `type` on the wire.
    package var type: String {
        switch self {
        case .taskCreated: "task.created"
        case .taskStarted: "task.started"
        case .taskProgress: "task.progress"
        case .taskLog: "task.log"
        case .taskRequeued: "task.requeued"
        case .taskFinished: "task.finished"
        case .taskWaiting: "task.waiting"
        case .tasksWaiting: "tasks.waiting"
        case .clientJoined: "client.joined"
        case .clientLeft: "client.left"
        case .clientChanged: "client.changed"
        case .libraryAdded: "library.added"
        case .libraryChanged: "library.changed"
        case .libraryRemoved: "library.removed"
        case .libraryCounts: "library.counts"
        case .modelsChanged: "models.changed"
        case .tagsChanged, .pictureTagsChanged: "tags.changed"
        case .logLine: "log.line"
        case .appMessage, .roomMessage: "app.message"
        }
    }

    /// The topics whose subscribers get it, at most two.
    package var topics: [Topic] {
        switch self {
        case .taskCreated(let task), .taskStarted(let task), .taskProgress(let task), .taskFinished(let task),
            .taskRequeued(let task, attempt: _, reason: _), .taskWaiting(let task):
            [.tasks, .task(task.id)]
        case .taskLog(task: let id, line: _): [.tasks, .task(id)]
        case .tasksWaiting: [.tasks]
        case .clientJoined, .clientLeft, .clientChanged: [.clients]
        case .libraryAdded, .libraryChanged, .libraryRemoved, .libraryCounts: [.library]
        case .modelsChanged: [.models]
        case .tagsChanged, .pictureTagsChanged: [.tags]
        case .logLine: [.log]
        case .appMessage(let name, from: _, data: _, key: _): [.app(name)]
        case .roomMessage(let message): message.topics
        }
    }

    /// The conflation key of an event that describes a state; `nil` for an event that is never left out (G5, G6).
    package var key: String? {
        switch self {
        case .taskProgress(let task): "progress/\(task.id)"
        case .taskWaiting(let task): "waiting/\(task.id)"
        case .tasksWaiting(let requires, waiting: _): "demand/\(Self.list(requires).text)"
        case .clientChanged(let client): "client/\(client.id)"
        case .libraryCounts: "counts"
        case .appMessage(name: _, from: _, data: _, let key): key
        default: nil
        }
    }

    /// What tells this event's key from the equal key of another topic: app topics have keys of their own.
    package var conflationKey: String? {
        if case .appMessage(let name, from: _, data: _, let key?) = self { "app/\(name)/\(key)" } else { key }
    }

    /// Capabilities as they are written, in alphabetical order.
    package static func list(_ requires: Set<String>) -> JSON { .array(requires.sorted().map(JSON.string)) }
}
