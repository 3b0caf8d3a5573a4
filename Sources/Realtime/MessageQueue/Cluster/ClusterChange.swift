package import Domain

/// Something that has changed at one server, for the boards of the others.
package enum ClusterChange: Hashable, Sendable {
    /// A client has come, or its record is another than before.
    case client(ClientRecord)
    case clientLeft(String)
    /// A task is new, or its state is another than before; with why an attempt at it ended, if one did.
    case task(TaskRecord, requeue: RequeueReason?)
    case progress(task: String, attempt: Int, TaskRecord.Progress)
    case log(task: String, TaskLogLine)
    /// Why the queued tasks that need exactly these capabilities do not run, except some.
    case waiting(requires: Set<String>, String?, except: Set<String>)

    /// What others are to know of an event of this server; `nil` for what is its own affair.
    ///
    /// `apart` are the queued tasks that are waiting for a reason of their own.
    package init?(_ event: Event, apart: @autoclosure () -> Set<String>) {
        switch event {
        case .clientJoined(let client), .clientChanged(let client): self = .client(client)
        case .clientLeft(let id): self = .clientLeft(id)
        case .taskCreated(let task), .taskStarted(let task), .taskFinished(let task), .taskWaiting(let task):
            self = .task(task, requeue: nil)
        case .taskRequeued(let task, attempt: _, let reason): self = .task(task, requeue: reason)
        case .taskProgress(let task):
            guard let progress = task.progress else { return nil }
            self = .progress(task: task.id, attempt: task.attempt, progress)
        case .taskLog(let task, let line): self = .log(task: task, line)
        case .tasksWaiting(let requires, let waiting): self = .waiting(requires: requires, waiting, except: apart())
        case .libraryAdded, .libraryChanged, .libraryRemoved, .libraryCounts, .modelsChanged, .tagsChanged,
            .pictureTagsChanged, .logLine, .appMessage, .roomMessage:
            return nil
        }
    }

    /// A newer change of the same key makes this one superfluous.
    var key: String? {
        switch self {
        case .client(let client): "client/\(client.id)"
        case .progress(let task, attempt: _, _): "progress/\(task)"
        case .clientLeft, .task, .log, .waiting: nil
        }
    }
}
