import Domain
import OrderedCollections

extension ClusterMessage {
    /// The message as an event of the message queue, from the process `host`.
    package func encoded(from host: String) -> [UInt8] {
        var emit = QueueMessage.Emit(event: name, arguments: [], rooms: [Self.room])
        emit.namespace = Self.namespace
        return QueueMessage.encode(emit, from: host) { writer in
            writer.object { writer in
                writer.field("v", Self.version)
                writer.field("server", server)
                writer.field("n", number)
                writer.field("emits", emits)
                write(&writer)
            }
        }
    }

    private var name: String {
        switch body {
        case .hello: "hello"
        case .ask: "ask"
        case .state: "state"
        case .changes: "changes"
        case .beat: "beat"
        case .bye: "bye"
        case .cancel: "cancel"
        }
    }

    private func write(_ writer: inout JSONWriter) {
        switch body {
        case .hello, .beat, .bye: break
        case .ask(let host): writer.field("host", host)
        case .cancel(let task, let server):
            writer.field("task", task)
            writer.field("of", server)
        case .changes(let changes):
            writer.field("changes", array: { for change in changes { Self.write(change, into: &$0) } })
        case .state(let part):
            writer.field("part", part.index)
            writer.field("last", part.isLast)
            writer.field("whole", part.isWhole)
            writer.field("clients", array: { for client in part.clients { $0.value(client) } })
            writer.field("tasks", array: { for task in part.tasks { $0.value(task) } })
            writer.field("relays", object: { for (uuid, said) in part.relays { $0.field(uuid, .object(said)) } })
        }
    }

    private static func write(_ change: ClusterChange, into writer: inout JSONWriter) {
        writer.object { writer in
            switch change {
            case .client(let client):
                writer.name("client")
                writer.value(client)
            case .clientLeft(let id): writer.field("left", id)
            case .task(let task, let requeue):
                writer.name("task")
                writer.value(task)
                writer.field("reason", requeue?.rawValue)
            case .progress(let task, let attempt, let progress):
                writer.field("progress", progress)
                writer.field("of", task)
                writer.field("attempt", attempt)
            case .log(let task, let line):
                writer.name("log")
                writer.value(line)
                writer.field("of", task)
            case .waiting(let requires, let waiting, let except):
                writer.field("requires", requires.sorted())
                writer.field("waiting", waiting)
                if !except.isEmpty { writer.field("except", except.sorted()) }
            }
        }
    }
}
