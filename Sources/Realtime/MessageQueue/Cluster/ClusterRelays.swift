import Domain
import OrderedCollections

/// What Socket.IO clients here are told of the tasks of another process, in VFrame's words (contracts/vframe.md §4).
enum ClusterRelays {
    /// The messages by which the relay board comes to say of the process what it says itself.
    static func events(
        _ relays: OrderedDictionary<String, OrderedDictionary<String, JSON>>,
        of peer: Cluster.Peer,
        _ state: borrowing Journal.State
    ) -> [Event] {
        let board = state.relays
        var events = ends(of: board.tasks(from: peer.host).filter { relays[$0] == nil }, by: peer.server)
        for (uuid, said) in relays {
            var old = board.tasks[uuid]
            // Another's word counts as long as that task runs.
            guard old == nil || board.origins[uuid] == peer.host else { continue }
            if old == nil || old?.keys.contains(where: { said[$0] == nil }) == true {
                events.append(message("task_start", ["uuid": .string(uuid)], by: peer.server))
                old = [:]
            }
            for (type, data) in said where old?[type] != data {
                let update: JSON = ["uuid": .string(uuid), "type": .string(type), "data": data]
                events.append(message("task_update", update, by: peer.server))
            }
        }
        return events
    }

    /// The messages that end what the process has told of.
    static func ends(of peer: Cluster.Peer, _ state: borrowing Journal.State) -> [Event] {
        ends(of: state.relays.tasks(from: peer.host), by: peer.server)
    }

    private static func ends(of uuids: [String], by server: String) -> [Event] {
        uuids.map { message("task_end", ["uuid": .string($0)], by: server) }
    }

    private static func message(_ event: String, _ argument: JSON, by server: String) -> Event {
        .roomMessage(RoomMessage(room: RoomMessage.taskRoom, event: event, arguments: [argument], sender: server))
    }
}
