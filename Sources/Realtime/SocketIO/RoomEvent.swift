import Domain

/// What Socket.IO clients are told of an event: the VFrame words for tasks, the native object for everything else.
///
/// Keeps what the packets need and nothing else, since events stay in the history for long.
enum RoomEvent: Sendable {
    /// Nothing: the client has been told in other words.
    case nothing
    case taskStart(String)
    case progress(String, TaskRecord.Progress)
    case log(String, LogLevel, String)
    /// The end of a task, or of an attempt at it; with what it died of.
    case taskEnd(String, error: String?)
    case message(RoomMessage)
    /// The native object, under the name of its type.
    case native(type: String)

    init(_ event: Event) {
        switch event {
        case .taskCreated, .taskWaiting, .tasksWaiting: self = .nothing
        case .taskStarted(let task): self = task.isRelayed ? .nothing : .taskStart(task.id)
        case .taskProgress(let task):
            guard !task.isRelayed, let progress = task.progress else {
                self = .nothing
                return
            }
            self = .progress(task.id, progress)
        case .taskLog(let id, let line): self = line.isRelayed ? .nothing : .log(id, line.level, line.message)
        case .taskRequeued(let task, attempt: _, reason: _):
            self = task.isRelayed ? .nothing : .taskEnd(task.id, error: nil)
        case .taskFinished(let task):
            // One that never began was never told of.
            let isKnown = !task.isRelayed && task.started != nil
            self = isKnown ? .taskEnd(task.id, error: task.error?.message) : .nothing
        case .roomMessage(let message): self = .message(message)
        case .clientJoined, .clientLeft, .clientChanged, .libraryAdded, .libraryChanged, .libraryRemoved,
            .libraryCounts, .modelsChanged, .tagsChanged, .pictureTagsChanged, .logLine, .appMessage:
            self = .native(type: event.type)
        }
    }

    /// The Socket.IO ids of clients that do not get it.
    var skipping: Set<String> {
        if case .message(let message) = self { message.skipping } else { [] }
    }
}
