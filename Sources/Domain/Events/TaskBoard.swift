import DequeModule
import HeapModule

/// The present state of topic `tasks`, folded from its events: every unfinished task and the last finished ones.
package struct TaskBoard: Sendable {
    /// What a subscriber of `tasks` begins with.
    package struct Snapshot: Hashable, Sendable {
        /// Running ones first, then the queue in the order it will run, then the last finished, newest first.
        package var tasks: [TaskRecord]
        package var counts: TaskCounts

        package init(tasks: [TaskRecord], counts: TaskCounts) {
            self.tasks = tasks
            self.counts = counts
        }
    }

    /// The greatest number of unfinished tasks in a snapshot.
    package static let unfinishedLimit = 500
    /// How many finished tasks are remembered.
    package static let finishedLimit = 50
    /// How many log lines a task's snapshot has.
    package static let logLimit = 200

    private var running: [String: TaskRecord] = [:]
    private var queued: [String: TaskRecord] = [:]
    private var finished: Deque<TaskRecord> = []
    private var logs: [String: Deque<TaskLogLine>] = [:]
    /// Why this server's own queued tasks are not running.
    private var reasons = QueuedReasons()
    /// How many tasks there are in each state: those in the store, and what other servers have told of theirs.
    package private(set) var counts = TaskCounts()
    /// How many of ``counts`` are other servers' tasks.
    package private(set) var countsElsewhere = TaskCounts()

    /// An empty board.
    package init() {}

    /// Takes over what the store holds at start: unfinished tasks, the last finished ones (newest last), the counts
    /// of all, and the last log lines of the tasks on the board.
    ///
    /// `builtIn` are the names of tasks that the server runs itself, which wait for no worker.
    package mutating func load(
        unfinished: [TaskRecord],
        finished: [TaskRecord],
        counts: TaskCounts,
        logs: [String: [TaskLogLine]] = [:],
        builtIn: Set<String> = []
    ) {
        self = TaskBoard()
        reasons = QueuedReasons(builtIn: builtIn)
        for task in unfinished { place(task) }
        self.finished = Deque(finished.suffix(Self.finishedLimit))
        self.counts = counts
        for (id, lines) in logs where task(id) != nil { self.logs[id] = Deque(lines.suffix(Self.logLimit)) }
    }

    /// The task, if it is unfinished or among the last finished.
    package func task(_ id: String) -> TaskRecord? {
        running[id] ?? queued[id].map(described) ?? finished.last { $0.id == id }
    }

    /// The last ``logLimit`` log lines of a task on the board.
    package func log(_ id: String) -> [TaskLogLine] { logs[id].map(Array.init) ?? [] }

    /// The state of the topic; see ``Snapshot``.
    package var snapshot: Snapshot {
        var tasks = running.values.sorted(by: Self.runsBefore)
        if tasks.count > Self.unfinishedLimit { tasks.removeSubrange(Self.unfinishedLimit...) }
        tasks += Self.first(Self.unfinishedLimit - tasks.count, of: queued.values).map(described)
        tasks += finished.reversed()
        return Snapshot(tasks: tasks, counts: counts)
    }

    /// The running tasks, in the order of the snapshot.
    package var runningTasks: [TaskRecord] { running.values.sorted(by: Self.runsBefore) }

    /// Whether one of this server's unfinished tasks, not only of those of the snapshot, fulfils `predicate`.
    package func hasUnfinished(where predicate: (TaskRecord) -> Bool) -> Bool {
        running.values.contains { $0.server == nil && predicate($0) }
            || queued.values.contains { $0.server == nil && predicate($0) }
    }

    /// The unfinished tasks of one server, `nil` for this one: the running ones, and `limit` of the queued ones.
    ///
    /// Both in the order of the snapshot.
    package func unfinished(of server: String?, limit: Int) -> (running: [TaskRecord], queued: [TaskRecord]) {
        let waiting = queued.values.lazy.filter { $0.server == server }
        return (
            runningTasks.filter { $0.server == server }, Self.first(limit, of: Array(waiting)).map(described)
        )
    }

    /// The last finished tasks of this server, oldest first.
    package var ownFinished: [TaskRecord] { finished.filter { $0.server == nil } }

    private static func runsBefore(_ left: TaskRecord, _ right: TaskRecord) -> Bool {
        (-left.priority, left.created, left.id) < (-right.priority, right.created, right.id)
    }

    private struct Ranked: Comparable {
        let task: TaskRecord
        static func < (left: Ranked, right: Ranked) -> Bool { TaskBoard.runsBefore(left.task, right.task) }
        static func == (left: Ranked, right: Ranked) -> Bool { left.task.id == right.task.id }
    }

    /// The first `count` of the queue, in one pass over it with a heap of `count` entries.
    private static func first(_ count: Int, of queued: some Collection<TaskRecord>) -> [TaskRecord] {
        guard count > 0 else { return [] }
        guard queued.count > count else { return queued.sorted(by: runsBefore) }
        var heap = Heap<Ranked>()
        for task in queued {
            let ranked = Ranked(task: task)
            if heap.count < count {
                heap.insert(ranked)
            } else if let last = heap.max, ranked < last {
                heap.replaceMax(with: ranked)
            }
        }
        return heap.unordered.sorted().map(\.task)
    }

    private mutating func place(_ task: TaskRecord) {
        switch task.state {
        case .queued:
            running[task.id] = nil
            enqueue(task)
        case .running:
            dequeue(task.id)
            running[task.id] = task
        case .done, .failed, .cancelled:
            dequeue(task.id)
            running[task.id] = nil
            finished.append(task)
            if finished.count > Self.finishedLimit, let oldest = finished.popFirst() { logs[oldest.id] = nil }
        }
    }

    private mutating func enqueue(_ task: TaskRecord) {
        if task.server == nil {
            reasons.insert(task, isNew: queued[task.id].map { $0.server != nil } ?? true)
        }
        queued[task.id] = task
    }

    private mutating func dequeue(_ id: String) {
        if let task = queued.removeValue(forKey: id), task.server == nil { reasons.remove(task) }
    }

    /// A queued task with what it says now.
    private func described(_ task: TaskRecord) -> TaskRecord {
        task.server == nil ? reasons.described(task) : task
    }

    /// The queued tasks of this server that are waiting for a reason of their own.
    package var waitingApart: Set<String> { reasons.apart }

    private mutating func move(_ task: TaskRecord) {
        if let old = self.task(task.id) { count(old, -1) }
        count(task, 1)
        place(task)
    }

    private mutating func count(_ task: TaskRecord, _ change: Int) {
        counts[task.state] += change
        if task.server != nil { countsElsewhere[task.state] += change }
    }

    /// Folds one event in; events of other topics change nothing.
    package mutating func apply(_ event: Event) {
        switch event {
        case .taskCreated(let task), .taskStarted(let task), .taskFinished(let task),
            .taskRequeued(let task, attempt: _, reason: _):
            move(task)
        case .taskProgress(let task):
            if running[task.id] != nil { running[task.id] = task }
        case .taskWaiting(let task):
            if queued[task.id] != nil { enqueue(task) }
        case .tasksWaiting(let requires, let waiting): reasons.set(requires, waiting)
        case .taskLog(task: let id, let line):
            // Lines of a task that is not on the board would never leave it.
            guard running[id] != nil || queued[id] != nil else { return }
            if let count = logs[id]?.count, count >= Self.logLimit { logs[id]?.removeFirst() }
            logs[id, default: []].append(line)
        default: break
        }
    }
}
