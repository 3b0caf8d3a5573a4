package import Domain
package import OrderedCollections

/// What is going on at one server, as others are told of it.
package struct ClusterState: Hashable, Sendable {
    package var clients: [ClientRecord] = []
    /// The unfinished tasks, and the last finished ones.
    package var tasks: [TaskRecord] = []
    /// What the server's Socket.IO clients have been told of running tasks (``RelayBoard``).
    package var relays: OrderedDictionary<String, OrderedDictionary<String, JSON>> = [:]
    /// Whether every queued task is among them.
    package var isWhole = true

    /// How many queued tasks are told of at once; later ones are told of when they start.
    package static let queuedLimit = 2_000
    /// The greatest number of clients, and of tasks, that a state is taken with.
    private static let itemsLimit = 100_000
    /// How much of what workers have told of a task goes along, in bytes.
    private static let relayLimit = 256 * 1024
    /// How many clients or tasks go into one message, and how many bytes of relays.
    private static let partItems = 100
    private static let partBytes = 1024 * 1024

    /// Nothing going on.
    package init() {}

    /// What is going on here, by the boards.
    package init(_ state: borrowing Journal.State) {
        clients = state.clients.clients.filter { $0.server == nil }
        let (running, queued) = state.tasks.unfinished(of: nil, limit: Self.queuedLimit + 1)
        isWhole = queued.count <= Self.queuedLimit
        tasks = running + queued.prefix(Self.queuedLimit) + state.tasks.ownFinished
        for (uuid, said) in state.relays.tasks where state.relays.origins[uuid] == nil { relays[uuid] = said }
        for task in running where !task.isRelayed && relays[task.id] == nil {
            var said: OrderedDictionary<String, JSON> = [:]
            if let progress = task.progress { said["progress"] = progress.json }
            relays[task.id] = said
        }
    }

    // MARK: - In parts

    /// The state cut into messages of moderate size, at least one.
    package var parts: [ClusterMessage.StatePart] {
        var parts: [ClusterMessage.StatePart] = []
        func next(_ fill: (inout ClusterMessage.StatePart) -> Void) {
            var part = ClusterMessage.StatePart(index: parts.count, isLast: false)
            part.isWhole = isWhole
            fill(&part)
            parts.append(part)
        }
        for start in stride(from: 0, to: clients.count, by: Self.partItems) {
            next { $0.clients = Array(clients[start..<min(start + Self.partItems, clients.count)]) }
        }
        for start in stride(from: 0, to: tasks.count, by: Self.partItems) {
            next { $0.tasks = Array(tasks[start..<min(start + Self.partItems, tasks.count)]) }
        }
        var relays: OrderedDictionary<String, OrderedDictionary<String, JSON>> = [:]
        var bytes = 0
        for (uuid, said) in self.relays {
            let size = JSON.object(said).encoded.count
            // Its clients are told of the task, not of all that was said.
            relays[uuid] = size <= Self.relayLimit ? said : [:]
            bytes += min(size, Self.relayLimit)
            if relays.count == Self.partItems || bytes > Self.partBytes {
                next { $0.relays = relays }
                (relays, bytes) = ([:], 0)
            }
        }
        if !relays.isEmpty || parts.isEmpty { next { $0.relays = relays } }
        parts[parts.count - 1].isLast = true
        return parts
    }

    /// Adds a part; `false` when that would be more than can be kept.
    mutating func add(_ part: ClusterMessage.StatePart) -> Bool {
        guard clients.count + part.clients.count <= Self.itemsLimit,
            tasks.count + part.tasks.count <= Self.itemsLimit,
            relays.count + part.relays.count <= RelayBoard.limit
        else { return false }
        clients += part.clients
        tasks += part.tasks
        relays.merge(part.relays) { _, new in new }
        isWhole = isWhole && part.isWhole
        return true
    }
}

extension TaskRecord.Progress {
    /// `{current, total?, message}`.
    var json: JSON {
        var json: OrderedDictionary<String, JSON> = ["current": .int(Int64(current))]
        if let total { json["total"] = .int(Int64(total)) }
        json["message"] = .string(message)
        return .object(json)
    }
}
