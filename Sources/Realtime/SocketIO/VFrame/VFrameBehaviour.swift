package import Domain
import OrderedCollections

/// VFrame's Socket.IO API for one client (contracts/vframe.md §4), and its place among the connected clients.
///
/// Whatever is malformed, unknown or not allowed is ignored without a word.
package final class VFrameBehaviour: SocketIOBehaviour {
    /// How many tasks one connection may run at once.
    static let tasksLimit = 1_024

    package let namespaces: Set<String> = [SocketIOPacket.mainNamespace]
    private let relay: VFrameRelay
    private var record: ClientRecord?
    /// The tasks that this connection has started, first started first.
    private var started: [String] = []

    /// The behaviour towards one connection; `relay` is shared by all.
    package init(relay: VFrameRelay) {
        self.relay = relay
    }

    // MARK: - Presence

    package func joined(_ namespace: String, sid: String, auth: JSON?, in session: SocketIOSession) {
        let record = ClientRecord(
            id: Identifier.make(),
            kind: .script,
            transport: session.transport,
            protocol: session.version == .v3 ? "eio3" : "eio4",
            role: session.role,
            since: session.hub.clock.now,
            address: session.address
        )
        self.record = record
        session.answer(to: record.id)
        session.hub.journal.publish(.clientJoined(record))
        session.emit("status", SocketIOArguments([["key": "connected_user", "value": .string(record.id)]]))
    }

    package func left(_ namespace: String, isClean: Bool, in session: SocketIOSession) {
        guard let record else { return }
        self.record = nil
        relay.end(started, by: record.id, isClean: isClean)
        started = []
        session.hub.journal.publish(.clientLeft(id: record.id))
    }

    package func changed(in session: SocketIOSession) {
        change(session) {
            $0.transport = session.transport
            $0.topics = session.roomNames()
            if $0.kind == .script, $0.topics.contains(RoomMessage.taskRoom) { $0.kind = .dashboard }
        }
    }

    private func change(_ session: SocketIOSession, _ body: (inout ClientRecord) -> Void) {
        guard let old = record else { return }
        var new = old
        body(&new)
        guard new != old else { return }
        record = new
        session.hub.journal.publish(.clientChanged(new))
    }

    package func isKnown(as id: String) -> Bool { record?.id == id }

    // MARK: - Events

    package func received(_ event: SocketIOEvent, in session: SocketIOSession) {
        guard let record else { return }
        let payload = event.arguments.values.first
        switch event.name {
        case "status":
            guard let value = payload?.object?["status"] else { return }
            session.emit("status", SocketIOArguments([["key": value]], attachments: event.arguments.attachments))
        case "join": if let room = payload?["room"]?.string { session.enter(room) }
        case "leave": if let room = payload?["room"]?.string { session.leave(room) }
        case "pingpong": session.emit("pingpong", SocketIOArguments([["type": "PING PONG!!!"]]))
        case "disconnect request":
            session.emit("status", SocketIOArguments([["key": "disconnected"]]))
            session.disconnect(event.namespace)
            session.sayGoodbye()
        case "task_start":
            guard record.role.mayPublish, let uuid = VFrameUpdate.uuid(payload) else { return }
            start(uuid, by: record, in: session)
        case "task_update":
            guard record.role.mayPublish, let payload, let update = VFrameUpdate(payload) else { return }
            let arguments = SocketIOArguments([payload], attachments: event.arguments.attachments)
            relay.update(update, arguments, by: record.id)
        default: break
        }
    }

    private func start(_ uuid: String, by client: ClientRecord, in session: SocketIOSession) {
        if !started.contains(uuid) {
            guard started.count < Self.tasksLimit else { return }
            started.append(uuid)
        }
        change(session) {
            $0.kind = .worker
            var worker = $0.worker ?? ClientRecord.Worker(capabilities: [], slots: 0)
            worker.tasks = started
            worker.busy = started.count
            worker.slots = started.count
            $0.worker = worker
        }
        relay.start(uuid, by: client.id)
    }
}
