import Domain

/// Workers and their tasks in the simplest form: lists, searched from end to end.
struct WorkerModel {
    struct Item {
        let id: String
        let name: String
        let requires: Set<String>
        let isBuiltIn: Bool
        let priority: Int
        let sequence: Int
        var isQueued = true
        var isFinal = false
        var holder: String?
        var isAccepted = false
        var deadline: Int?
    }

    struct Worker {
        let id: String
        let capabilities: Set<String>
        let slots: Int
        let number: Int
        /// When the slots of cancelled tasks are free again, by the task.
        var stopping: [String: Int] = [:]
        var pauses: [Set<String>: Int] = [:]
    }

    var items: [Item] = []
    var workers: [Worker] = []
    var joined = 0
    private var served: [String: Int] = [:]
    private var turns = 0

    func index(_ id: String) -> Int? { items.firstIndex { $0.id == id } }

    func worker(_ id: String?) -> Int? { workers.firstIndex { $0.id == id } }

    func busy(_ worker: Worker) -> Int { items.count { $0.holder == worker.id } + worker.stopping.count }

    func isFree(_ worker: Worker) -> Bool { busy(worker) < worker.slots }

    /// Offers one task after the other until nothing fits; returns `worker: task`.
    mutating func assign() -> [String] {
        var offers: [String] = []
        var exhausted: Set<String> = []
        while true {
            let free = workers.filter { isFree($0) && !exhausted.contains($0.id) }
            let next = free.min { left, right in
                (busy(left), left.capabilities.count, left.number) < (
                    busy(right), right.capabilities.count, right.number
                )
            }
            guard let worker = next else { return offers }
            guard let index = first(for: worker) else {
                exhausted.insert(worker.id)
                continue
            }
            turns += 1
            served[items[index].name] = turns
            items[index].holder = worker.id
            items[index].isAccepted = false
            offers.append("\(worker.id): \(items[index].id)")
        }
    }

    private func first(for worker: Worker) -> Int? {
        items.indices.filter { index in
            let item = items[index]
            return item.isQueued && item.holder == nil && !item.isBuiltIn && worker.pauses[item.requires] == nil
                && item.requires.isSubset(of: worker.capabilities)
        }.min { rank(items[$0]) < rank(items[$1]) }
    }

    private func rank(_ item: Item) -> (Int, Int, Int) {
        (-item.priority, served[item.name, default: 0], item.sequence)
    }

    /// What a queued task has to say.
    func reason(_ item: Item) -> String? {
        guard item.isQueued, !item.isBuiltIn else { return nil }
        // Tasks on offer say what the others say that wait for the same.
        guard
            items.contains(where: { $0.isQueued && $0.holder == nil && !$0.isBuiltIn && $0.requires == item.requires })
        else { return nil }
        let able = workers.filter { item.requires.isSubset(of: $0.capabilities) }
        let names = item.requires.sorted().joined(separator: ", ")
        if able.isEmpty { return item.requires.isEmpty ? "no worker is connected" : "no worker offers \(names)" }
        let free = able.filter(isFree)
        if free.contains(where: { $0.pauses[item.requires] == nil }) { return nil }
        let subject = item.requires.isEmpty ? "every worker" : "every worker that offers \(names)"
        return free.isEmpty ? "\(subject) is busy" : "\(subject) is busy or has declined"
    }

    /// Back to the queue, or out of it.
    mutating func end(_ index: Int, isQueued: Bool) {
        items[index].holder = nil
        items[index].isAccepted = false
        items[index].deadline = nil
        items[index].isQueued = isQueued
        items[index].isFinal = !isQueued
    }
}
