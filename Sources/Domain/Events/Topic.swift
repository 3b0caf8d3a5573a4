/// What a client can subscribe to; names are exact, there are no patterns (contracts/realtime.md §4).
package enum Topic: Hashable, Sendable {
    case tasks
    /// The events of one task, which need not exist yet.
    case task(String)
    case training
    case clients
    case library
    case models
    case tags
    case collections
    /// The server's log; for operators only.
    case log
    /// A topic of the clients' own, `app/<name>`.
    case app(String)
    /// A room of Socket.IO clients; no native client can name it.
    case room(namespace: String, name: String)
    /// All Socket.IO clients of a namespace; no native client can name it.
    case namespace(String)

    /// Reads a topic's name; `nil` when there is no such topic.
    package init?(name: String) {
        switch name {
        case "tasks": self = .tasks
        case "training": self = .training
        case "clients": self = .clients
        case "library": self = .library
        case "models": self = .models
        case "tags": self = .tags
        case "collections": self = .collections
        case "log": self = .log
        default:
            if name.hasPrefix("task/") {
                let id = String(name.dropFirst("task/".count))
                guard Identifier.isValid(id) else { return nil }
                self = .task(id)
            } else if name.hasPrefix("app/") {
                let app = String(name.dropFirst("app/".count))
                guard Self.isValidAppName(app) else { return nil }
                self = .app(app)
            } else {
                return nil
            }
        }
    }

    /// The topic's name on the wire; a room's own name, after its namespace unless that is `/`.
    package var name: String {
        switch self {
        case .tasks: "tasks"
        case .task(let id): "task/\(id)"
        case .training: "training"
        case .clients: "clients"
        case .library: "library"
        case .models: "models"
        case .tags: "tags"
        case .collections: "collections"
        case .log: "log"
        case .app(let name): "app/\(name)"
        case .room(RoomMessage.mainNamespace, let name): name
        case .room(let namespace, let name): "\(namespace),\(name)"
        case .namespace(let namespace): namespace
        }
    }

    private static func isValidAppName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
