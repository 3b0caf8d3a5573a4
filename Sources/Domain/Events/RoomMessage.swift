/// One event sent to a room of Socket.IO clients (contracts/socketio.md §6).
///
/// Native clients see it when a topic `app/<room>` exists for the room's name.
package struct RoomMessage: Hashable, Sendable {
    /// `/` or another namespace's name.
    package var namespace: String
    /// The room's name; `nil`: everyone in the namespace.
    package var room: String?
    /// More rooms; who is in several of them gets it once.
    ///
    /// With any, native clients do not hear of it.
    package var moreRooms: [String] = []
    /// The event's name.
    package var event: String
    /// What comes with it; `{"_placeholder":true,"num":i}` stands for attachment `i`.
    package var arguments: [JSON]
    /// Binary data that the arguments refer to.
    package var attachments: [[UInt8]]
    /// The Socket.IO ids of clients that do not get it.
    package var skipping: Set<String>
    /// The client that sent it, or another process's name; what native clients see as `from`.
    package var sender: String

    /// The namespace in which the VFrame API lives.
    package static let mainNamespace = "/"
    /// The room whose members follow all tasks (contracts/vframe.md §4).
    package static let taskRoom = "/client"

    /// A message to a room, or to a whole namespace.
    package init(
        namespace: String = RoomMessage.mainNamespace,
        room: String?,
        event: String,
        arguments: [JSON],
        attachments: [[UInt8]] = [],
        skipping: Set<String> = [],
        sender: String
    ) {
        self.namespace = namespace
        self.room = room
        self.event = event
        self.arguments = arguments
        self.attachments = attachments
        self.skipping = skipping
        self.sender = sender
    }

    /// Whether it goes to those who follow all tasks.
    package var isAboutTasks: Bool { room == Self.taskRoom && namespace == Self.mainNamespace }

    /// The topics whose subscribers get it.
    var topics: [Topic] {
        guard let room else { return [.namespace(namespace)] }
        let topics = [Topic.room(namespace: namespace, name: room)]
        guard moreRooms.isEmpty else { return topics + moreRooms.map { .room(namespace: namespace, name: $0) } }
        guard namespace == Self.mainNamespace, let app = Topic(name: "app/\(room)") else { return topics }
        return topics + [app]
    }
}
