import Domain

@testable import Realtime

/// A client of Socket.IO as the hub and the message queue see it, without a protocol around it.
final class FakeMember: HubClient, RoomMember {
    let subscriber: Subscriber
    let tasks: any FinishedTasks = FakeTasks()
    let link = RecordingLink()
    let sid: String
    private(set) var rooms: [String]
    /// The events that wait to be acknowledged, with whom to tell.
    private(set) var asked: [(event: String, arguments: [JSON], acknowledged: ([JSON]) -> Void)] = []
    private(set) var isConnected = true

    /// A member of some rooms of the namespace `/`, and of the one with its own id.
    init(_ test: TestHub, sid: String, rooms: [String] = []) {
        self.sid = sid
        self.rooms = rooms
        let shard = test.hub.shards[0]
        subscriber = Subscriber(shard: shard, format: .engineIOPolling, configuration: test.hub.configuration)
        subscriber.open(link, for: self)
        link.session = self
        subscriber.names = [sid]
        shard.join(self)
        subscriber.add([.namespace("/")] + (rooms + [sid]).map { .room(namespace: "/", name: $0) })
    }

    func writable() { subscriber.drain() }
    func tick(now: Milliseconds) {}
    func shutDown() {}
    func abandon() {}
    func resynchronize(on shard: HubShard) { _ = subscriber.recover() }

    func isKnown(as sid: String, in namespace: String) -> Bool { namespace == "/" && sid == self.sid }
    func isIn(_ room: String, of namespace: String) -> Bool {
        namespace == "/" && (room == sid || rooms.contains(room))
    }
    func ask(
        _ event: String,
        _ arguments: [JSON],
        attachments: [[UInt8]],
        in namespace: String,
        acknowledged: @escaping ([JSON]) -> Void
    ) {
        asked.append((event, arguments, acknowledged))
    }
    func flush() { link.flush() }
    func disconnect(_ namespace: String) { isConnected = false }
    func enter(_ room: String, in namespace: String) {
        rooms.append(room)
        subscriber.add([.room(namespace: namespace, name: room)])
    }
    func leave(_ room: String, in namespace: String) {
        rooms.removeAll { $0 == room }
        subscriber.remove([.room(namespace: namespace, name: room)])
    }

    /// The packets that came since the last call.
    func take() -> [String] {
        link.take().split(separator: 0x1E).map { String(decoding: $0, as: UTF8.self) }
    }
}
