import Domain
import OrderedCollections

/// What the events are by which the boards come to say what another server says of itself.
///
/// Only differences become events, so the same word twice says nothing. A client or task of this server is never
/// touched, whatever another says of its id.
enum ClusterBoards {
    /// Why a task whose server is away does not run.
    static let away = "its server is away"
    /// How a task ended that its server no longer knows.
    static let lost = TaskRecord.Failure(code: "lost", message: "its server does not know it any more")

    /// The events of one change at a server.
    static func events(
        _ change: ClusterChange,
        at server: String,
        _ state: borrowing Journal.State
    ) -> [Event] {
        switch change {
        case .client(let client): return events(client, at: server, state)
        case .clientLeft(let id):
            return state.clients.client(id)?.server == server ? [.clientLeft(id: id)] : []
        case .task(let task, let requeue): return events(task, requeue, at: server, state)
        case .progress(let id, let attempt, let progress):
            guard var task = running(id, at: server, state), task.attempt == attempt, task.progress != progress
            else { return [] }
            task.progress = progress
            return [.taskProgress(task)]
        case .log(let id, var line):
            guard let task = state.tasks.task(id), task.server == server, !task.state.isFinal else { return [] }
            line.isRelayed = true
            return [.taskLog(task: id, line: line)]
        case .waiting(let requires, let waiting, let except):
            return state.tasks.unfinished(of: server, limit: ClusterState.queuedLimit).queued
                .filter { Set($0.requires) == requires && $0.waiting != waiting && !except.contains($0.id) }
                .map {
                    var task = $0
                    task.waiting = waiting
                    return .taskWaiting(task)
                }
        }
    }

    private static func running(_ id: String, at server: String, _ state: borrowing Journal.State) -> TaskRecord? {
        guard let task = state.tasks.task(id), task.server == server, task.state == .running else { return nil }
        return task
    }

    // MARK: - Clients

    private static func events(
        _ client: ClientRecord,
        at server: String,
        _ state: borrowing Journal.State
    ) -> [Event] {
        var client = client
        client.server = server
        guard let old = state.clients.client(client.id) else { return [.clientJoined(client)] }
        return old.server == server && old != client ? [.clientChanged(client)] : []
    }

    /// The departures of a server's clients, except those of these ids.
    static func departures(
        from server: String,
        except ids: Set<String> = [],
        _ state: borrowing Journal.State
    ) -> [Event] {
        state.clients.clients.filter { $0.server == server && !ids.contains($0.id) }.map { .clientLeft(id: $0.id) }
    }

    // MARK: - Tasks

    private static func events(
        _ task: TaskRecord,
        _ reason: RequeueReason?,
        at server: String,
        _ state: borrowing Journal.State
    ) -> [Event] {
        var new = task
        new.server = server
        new.isRelayed = true
        guard let old = state.tasks.task(new.id) else { return arrival(of: new) }
        guard let owner = old.server, owner == server || old.waiting == away, !old.state.isFinal else { return [] }
        switch (old.state, new.state) {
        case (_, .done), (_, .failed), (_, .cancelled): return [.taskFinished(new)]
        case (.running, .queued): return [.taskRequeued(new, attempt: old.attempt, reason: reason ?? .restart)]
        case (.running, .running):
            guard new.attempt == old.attempt, new.started == old.started else {
                return [.taskRequeued(waiting(old), attempt: old.attempt, reason: reason ?? .restart)] + start(of: new)
            }
            return new.progress != old.progress && new.progress != nil ? [.taskProgress(new)] : []
        case (.queued, .running): return start(of: new)
        default: return new == old ? [] : [.taskWaiting(new)]
        }
    }

    /// A task that was not on the board; one that has ended stays unknown.
    private static func arrival(of task: TaskRecord) -> [Event] {
        switch task.state {
        case .queued: return [.taskCreated(task)]
        case .running:
            var created = waiting(task)
            created.attempt = max(0, task.attempt - 1)
            return [.taskCreated(created)] + start(of: task)
        case .done, .failed, .cancelled: return []
        }
    }

    private static func start(of task: TaskRecord) -> [Event] {
        guard task.progress != nil else { return [.taskStarted(task)] }
        var started = task
        started.progress = nil
        return [.taskStarted(started), .taskProgress(task)]
    }

    /// The task as it stands in the queue.
    private static func waiting(_ task: TaskRecord, because reason: String? = nil) -> TaskRecord {
        var task = task
        task.state = .queued
        task.executor = nil
        task.progress = nil
        task.started = nil
        task.waiting = reason
        return task
    }

    /// What becomes of a server's tasks that it does not name in its state; `isWhole`: it names all of the queued ones.
    ///
    /// `now` is when they end.
    static func losses(
        at server: String,
        except ids: Set<String>,
        isWhole: Bool,
        now: Milliseconds,
        _ state: borrowing Journal.State
    ) -> [Event] {
        let (running, queued) = state.tasks.unfinished(of: server, limit: .max)
        var events: [Event] = []
        for task in isWhole ? running + queued : running where !ids.contains(task.id) {
            var ended = task
            ended.state = .failed
            ended.error = lost
            ended.waiting = nil
            ended.finished = now
            events.append(.taskFinished(ended))
        }
        for task in queued where !isWhole && !ids.contains(task.id) && task.waiting == away {
            events.append(.taskWaiting(waiting(task)))
        }
        return events
    }

    /// What becomes of a server's tasks when it is away.
    static func interruptions(at server: String, _ state: borrowing Journal.State) -> [Event] {
        let (running, queued) = state.tasks.unfinished(of: server, limit: .max)
        return running.map { .taskRequeued(waiting($0, because: away), attempt: $0.attempt, reason: .restart) }
            + queued.filter { $0.waiting != away }.map { .taskWaiting(waiting($0, because: away)) }
    }
}
