import Domain
import OrderedCollections
import Synchronization

/// The states of topics at one offset, as JSON (contracts/realtime.md §5); what is asked for often is encoded once.
final class SnapshotReader: Sendable {
    private struct Cached {
        var version: Int
        var json: [UInt8]
    }

    private enum State {
        case cached([UInt8])
        case tasks(TaskBoard.Snapshot, version: Int)
        case task(TaskState)
        case clients([ClientRecord], version: Int)
        case library(LibraryCounts, [LibraryItem], version: Int)
        case log([LogLine])
        case app([String: JSON], order: [String])
        case runs
        case counts(OrderedDictionary<String, Int>, version: Int?)
        case followed(RelayBoard, own: [TaskRecord])
        case nothing
    }

    private let journal: Journal
    private let cache = Mutex<[Topic: Cached]>([:])

    init(journal: Journal) {
        self.journal = journal
    }

    /// The offset, and the state of each topic at it in the order asked for.
    ///
    /// `known` holds what the store remembers of finished tasks that have left the board.
    func read(_ topics: [Topic], known: [String: TaskState]) -> (offset: Int, states: [[UInt8]]) {
        let cached = cache.withLock { $0 }
        let (offset, states) = journal.read { state in
            (state.offset, topics.map { Self.state(of: $0, in: state, cached: cached[$0], known: known) })
        }
        return (offset, zip(topics, states).map(encode))
    }

    private static func state(
        of topic: Topic,
        in state: borrowing Journal.State,
        cached: Cached?,
        known: [String: TaskState]
    ) -> State {
        if let cached, cached.version == state.version(of: topic) { return .cached(cached.json) }
        switch topic {
        case .tasks: return .tasks(state.tasks.snapshot, version: state.version(of: topic))
        case .task(let id):
            if let task = state.tasks.task(id) { return .task(TaskState(task: task, log: state.tasks.log(id))) }
            return .task(known[id] ?? TaskState(task: nil, log: []))
        case .clients: return .clients(state.clients.clients, version: state.version(of: topic))
        case .library:
            return .library(state.library.counts, state.library.newest, version: state.version(of: topic))
        case .log: return .log(state.log.lines)
        case .app(let name):
            let values = state.apps.values(name)
            return .app(Dictionary(uniqueKeysWithValues: values.map { ($0, $1) }), order: Array(values.keys))
        case .training: return .runs
        case .models: return .counts(state.models.counts, version: state.version(of: topic))
        case .tags:
            let counts = state.tags.counts.merging(state.pictureTags.counts) { $1 }
            return .counts(counts, version: state.version(of: topic))
        case .collections: return .counts([:], version: nil)
        case .room(RoomMessage.mainNamespace, RoomMessage.taskRoom):
            return .followed(state.relays, own: state.tasks.runningTasks)
        case .room, .namespace: return .nothing
        }
    }

    private func encode(_ topic: Topic, _ state: State) -> [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        var version: Int?
        switch state {
        case .cached(let json): return json
        case .tasks(let snapshot, let current):
            version = current
            writer.object {
                $0.field("tasks", array: { for task in snapshot.tasks { $0.value(task) } })
                $0.field("counts", snapshot.counts)
            }
        case .task(let state):
            writer.object {
                $0.name("task")
                if let task = state.task { $0.value(task) } else { $0.null() }
                $0.field("log", array: { for line in state.log.suffix(TaskBoard.logLimit) { $0.value(line) } })
            }
        case .clients(let clients, let current):
            version = current
            writer.object { $0.field("clients", array: { for client in clients { $0.value(client) } }) }
        case .library(let counts, let newest, let current):
            version = current
            writer.object {
                $0.field("counts", counts)
                $0.field("newest", array: { for item in newest { $0.value(item) } })
            }
        case .log(let lines):
            writer.object { $0.field("lines", array: { for line in lines { Self.write(line, into: &$0) } }) }
        case .app(let values, let order):
            writer.object { writer in
                writer.field("values", object: { for key in order { $0.field(key, values[key] ?? .null) } })
            }
        case .runs: writer.object { $0.field("runs", array: { _ in }) }
        case .counts(let counts, let current):
            version = current
            writer.object { writer in
                writer.field("counts", object: { for (name, count) in counts { $0.field(name, count) } })
            }
        case .followed(let relays, let own): Self.write(relays, own: own, into: &writer)
        case .nothing: writer.null()
        }
        if let version { cache.withLock { $0[topic] = Cached(version: version, json: writer.bytes) } }
        return writer.bytes
    }

    /// `{"tasks":{uuid:{type:data}}}` (contracts/vframe.md §4, `list_tasks`): what others run, as they told it, and what
    /// they have not told of with its progress.
    private static func write(_ relays: RelayBoard, own: [TaskRecord], into writer: inout JSONWriter) {
        writer.object {
            $0.field(
                "tasks",
                object: { writer in
                    for (uuid, said) in relays.tasks { writer.field(uuid, .object(said)) }
                    for task in own where !task.isRelayed && relays.tasks[task.id] == nil {
                        writer.field(
                            task.id,
                            object: { if let progress = task.progress { $0.field("progress", progress) } }
                        )
                    }
                }
            )
        }
    }

    private static func write(_ line: LogLine, into writer: inout JSONWriter) {
        writer.object {
            $0.field("at", line.at)
            $0.field("level", line.level.rawValue)
            $0.field("message", line.message)
            $0.field("source", line.source)
        }
    }
}
