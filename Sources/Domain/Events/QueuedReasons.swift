/// Why queued tasks are not running, as events have told it: a line for each different set of required capabilities.
///
/// One event changes what all tasks of a line say, however many there are.
struct QueuedReasons: Sendable {
    private struct Line: Sendable {
        var count = 0
        var waiting: String?
    }

    /// The names of tasks that wait for no worker.
    private let builtIn: Set<String>
    private var lines: [Set<String>: Line] = [:]
    /// The tasks that say something else than their line.
    private(set) var apart: Set<String> = []

    init(builtIn: Set<String> = []) {
        self.builtIn = builtIn
    }

    private func line(of task: TaskRecord) -> Set<String>? {
        builtIn.contains(task.name) ? nil : Set(task.requires)
    }

    /// Takes a queued task's own words; the first of a line speaks for the line.
    mutating func insert(_ task: TaskRecord, isNew: Bool) {
        guard let line = line(of: task) else { return }
        if isNew {
            lines[line, default: Line(waiting: task.waiting)].count += 1
        }
        if lines[line]?.waiting == task.waiting { apart.remove(task.id) } else { apart.insert(task.id) }
    }

    /// Forgets a task that is not queued any more.
    mutating func remove(_ task: TaskRecord) {
        apart.remove(task.id)
        guard let line = line(of: task) else { return }
        lines[line]?.count -= 1
        if lines[line]?.count == 0 { lines[line] = nil }
    }

    /// Changes what the tasks of a line say.
    mutating func set(_ line: Set<String>, _ waiting: String?) {
        if lines[line] != nil { lines[line]?.waiting = waiting }
    }

    /// A queued task with what it says now.
    func described(_ task: TaskRecord) -> TaskRecord {
        guard !apart.contains(task.id), let line = line(of: task) else { return task }
        var task = task
        task.waiting = lines[line]?.waiting
        return task
    }
}
