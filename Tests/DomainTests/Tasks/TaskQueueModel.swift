import Domain

/// The queue's rules in their simplest form: one list, searched from end to end.
struct TaskQueueModel {
    struct Item {
        var id: String
        var name: String
        var isBuiltIn: Bool
        var requires: Set<String>
        var priority: Int
        var attempts: Int
        var sequence: Int
        var state = TaskRecord.State.queued
        var attempt = 0
        var isCancelling = false
        var timesDone = 0
        var started = 0
        var free = 0
        var lease: (secret: String, client: String?, isAccepted: Bool, deadline: Int?)?
    }

    var items: [Item] = []
    /// When each kind was last served, in turns.
    var served: [String: Int] = [:]
    private var turns = 0
    let times: TaskQueue.Times

    init(times: TaskQueue.Times) { self.times = times }

    func index(_ id: String) -> Int? { items.firstIndex { $0.id == id } }

    func holder(_ ticket: TaskTicket) -> Int? {
        items.firstIndex {
            $0.id == ticket.task && $0.lease?.secret == ticket.lease && $0.lease?.client == ticket.client
        }
    }

    /// The task that must come next.
    func next(capabilities: Set<String>?) -> Int? {
        items.indices.filter { index in
            let item = items[index]
            guard item.state == .queued, item.lease == nil else { return false }
            if let capabilities { return !item.isBuiltIn && item.requires.isSubset(of: capabilities) }
            return item.isBuiltIn
        }.min { rank(items[$0]) < rank(items[$1]) }
    }

    private func rank(_ item: Item) -> (Int, Int, Int) {
        (-item.priority, served[item.name, default: 0], item.sequence)
    }

    /// Notes that it was the turn of an item's kind.
    mutating func serve(_ index: Int) {
        turns += 1
        served[items[index].name] = turns
    }

    mutating func endAttempt(_ index: Int, costs: Bool = true, retry: Bool = true) {
        items[index].lease = nil
        if items[index].isCancelling {
            items[index].state = .cancelled
        } else if retry, !costs || items[index].attempt < items[index].attempts {
            items[index].state = .queued
            if !costs {
                items[index].attempt -= 1
                items[index].free += 1
            }
        } else {
            items[index].state = .failed
        }
    }

    mutating func lose(_ index: Int) {
        if items[index].lease?.isAccepted == true { endAttempt(index) } else { items[index].lease = nil }
    }

    mutating func expire(_ now: Int) {
        for index in items.indices {
            if let deadline = items[index].lease?.deadline, deadline <= now { lose(index) }
        }
    }

    func count(_ state: TaskRecord.State) -> Int { items.count { $0.state == state } }
}
