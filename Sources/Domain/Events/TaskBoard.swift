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
    private var reasons = QueuedReasons()
    /// How many tasks the store holds in each state.
    package private(set) var counts = TaskCounts()

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
        running[id] ?? queued[id].map(reasons.described) ?? finished.last { $0.id == id }
    }

    /// The last ``logLimit`` log lines of a task on the board.
    package func log(_ id: String) -> [TaskLogLine] { logs[id].map(Array.init) ?? [] }

    /// The state of the topic; see ``Snapshot``.
    package var snapshot: Snapshot {
        var tasks = running.values.sorted(by: Self.runsBefore)
        if tasks.count > Self.unfinishedLimit { tasks.removeSubrange(Self.unfinishedLimit...) }
        tasks += firstQueued(Self.unfinishedLimit - tasks.count).map(reasons.described)
        tasks += finished.reversed()
        return Snapshot(tasks: tasks, counts: counts)
    }

    /// The running tasks, in the order of the snapshot.
    package var runningTasks: [TaskRecord] { running.values.sorted(by: Self.runsBefore) }

    /// Whether one of all unfinished tasks, not only those of the snapshot, fulfils `predicate`.
    package func hasUnfinished(where predicate: (TaskRecord) -> Bool) -> Bool {
        running.values.contains(where: predicate) || queued.values.contains(where: predicate)
    }

    private static func runsBefore(_ left: TaskRecord, _ right: TaskRecord) -> Bool {
        (-left.priority, left.created, left.id) < (-right.priority, right.created, right.id)
    }

    private struct Ranked: Comparable {
        let task: TaskRecord
        static func < (left: Ranked, right: Ranked) -> Bool { TaskBoard.runsBefore(left.task, right.task) }
        static func == (left: Ranked, right: Ranked) -> Bool { left.task.id == right.task.id }
    }

    /// The first `count` of the queue, in one pass over it with a heap of `count` entries.
    private func firstQueued(_ count: Int) -> [TaskRecord] {
        guard count > 0 else { return [] }
        guard queued.count > count else { return queued.values.sorted(by: Self.runsBefore) }
        var heap = Heap<Ranked>()
        for task in queued.values {
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
            reasons.insert(task, isNew: queued[task.id] == nil)
            queued[task.id] = task
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

    private mutating func dequeue(_ id: String) {
        if let task = queued.removeValue(forKey: id) { reasons.remove(task) }
    }

    private mutating func move(_ task: TaskRecord) {
        if let old = self.task(task.id)?.state { counts[old] -= 1 }
        counts[task.state] += 1
        place(task)
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
            guard queued[task.id] != nil else { return }
            reasons.insert(task, isNew: false)
            queued[task.id] = task
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
