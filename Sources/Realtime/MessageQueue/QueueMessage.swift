package import Domain

/// A message between Socket.IO processes, in the JSON form of python-socketio's message queue
/// (contracts/socketio.md §7).
package struct QueueMessage: Hashable, Sendable {
    /// An event for the clients of all processes.
    package struct Emit: Hashable, Sendable {
        package var event: String
        /// What comes with it; `{"_placeholder":true,"num":i}` stands for attachment `i`.
        package var arguments: [JSON]
        package var attachments: [[UInt8]] = []
        package var namespace = RoomMessage.mainNamespace
        /// The rooms whose members get it, once each; `nil`: everyone in the namespace.
        package var rooms: [String]?
        /// The Socket.IO ids of clients that do not get it.
        package var skipping: Set<String> = []
        /// Where the clients' acknowledgements go; `nil`: none are asked for.
        package var callback: Callback?

        package init(event: String, arguments: [JSON], rooms: [String]?) {
            self.event = event
            self.arguments = arguments
            self.rooms = rooms
        }
    }

    /// What the process that asks for an acknowledgement knows it by; sent back as it came.
    package struct Callback: Hashable, Sendable {
        package var room: String
        package var namespace: String
        package var id: JSON

        package init(room: String, namespace: String, id: JSON) {
            self.room = room
            self.namespace = namespace
            self.id = id
        }
    }

    /// What is to be done.
    package enum Body: Hashable, Sendable {
        case emit(Emit)
        /// A client's acknowledgement, for the process that ``QueueMessage/host`` names.
        case callback(Callback, arguments: [JSON])
        /// The client is to be thrown out of the namespace.
        case disconnect(sid: String, namespace: String)
        case enterRoom(String, sid: String, namespace: String)
        case leaveRoom(String, sid: String, namespace: String)
        /// Everyone is to leave the room.
        case closeRoom(String, namespace: String)
    }

    /// The process that wrote it, or, in a callback, the one it is for; an outside writer may say nothing.
    package var host: String?
    package var body: Body

    /// A message of, or a callback for, the process `host`.
    package init(_ body: Body, host: String?) {
        self.body = body
        self.host = host
    }

    /// The greatest message that is read, in bytes.
    package static let sizeLimit = 16 * 1024 * 1024
    /// How deep its JSON may be nested.
    static let depthLimit = 64
    /// How many attachments an event may have.
    static let attachmentsLimit = 100
    /// How many rooms an event may name.
    static let roomsLimit = 1_000
}
