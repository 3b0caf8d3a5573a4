import Domain
import Synchronization

/// A client of Socket.IO as other processes speak of it (contracts/socketio.md §7).
///
/// Confined to its shard's loop.
protocol RoomMember: ShardMember {
    /// Whether the client has this id in the namespace.
    func isKnown(as sid: String, in namespace: String) -> Bool

    /// Whether messages to the room reach the client.
    func isIn(_ room: String, of namespace: String) -> Bool

    /// Sends an event that the client is to acknowledge; `acknowledged` hears what it answers, if it does.
    func ask(
        _ event: String,
        _ arguments: [JSON],
        attachments: [[UInt8]],
        in namespace: String,
        acknowledged: @escaping ([JSON]) -> Void
    )

    /// Throws the client out of the namespace.
    func disconnect(_ namespace: String)

    /// Lets the client into a room.
    func enter(_ room: String, in namespace: String)

    /// Takes the client out of a room.
    func leave(_ room: String, in namespace: String)

    /// Sends what has been written.
    func flush()
}

extension Hub {
    /// Runs `body` with every client of Socket.IO, on its loop, behind all events published before it.
    ///
    /// `then` is run on each loop when all of the loop's clients have been seen to; it is told whether it is the last.
    func forEachRoomMember(
        _ body: @escaping @Sendable (any RoomMember) -> Void,
        then: @escaping @Sendable (_ isLast: Bool) -> Void = { _ in }
    ) {
        let offset = journal.read { $0.offset }
        let left = Countdown(shards.count)
        for shard in shards {
            shard.loop.execute {
                shard.drain(through: offset)
                for case let member as any RoomMember in shard.sessions.values.map(\.session) {
                    body(member)
                    member.flush()
                }
                then(left.step())
            }
        }
    }
}

/// Tells the last of so many from the others.
private final class Countdown: Sendable {
    private let left: Atomic<Int>

    init(_ count: Int) {
        left = Atomic(count)
    }

    /// Whether this was the last step.
    func step() -> Bool { left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 }
}

extension SocketIOSession: RoomMember {
    func isKnown(as sid: String, in namespace: String) -> Bool {
        ownRooms.contains(.room(namespace: namespace, name: sid))
    }

    func isIn(_ room: String, of namespace: String) -> Bool {
        isKnown(as: room, in: namespace) || rooms.contains { $0.namespace == namespace && $0.name == room }
    }

    func ask(
        _ event: String,
        _ arguments: [JSON],
        attachments: [[UInt8]],
        in namespace: String,
        acknowledged: @escaping ([JSON]) -> Void
    ) {
        // Whoever does not read is not asked: what waits for it must stay bounded.
        guard subscriber.unreadAnswers < Hub.unreadLimit else { return shard.noteSlow() }
        emit(event, SocketIOArguments(arguments, attachments: attachments), in: namespace) { answer in
            acknowledged(answer.values.map { $0.showing(answer.attachments) })
        }
    }

    func flush() {
        engine?.link.flush()
    }
}
