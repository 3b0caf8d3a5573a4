/// A path where what any client sends goes to every other client of the path.
package struct FanoutEndpoint: Endpoint {
    package let paths: [String]
    private let maxPayload: Int
    private let rooms: [FanoutRoom]

    /// One room over all of the hub's shards; messages of up to `maxPayload` bytes.
    package init(path: String, maxPayload: Int, hub: Hub) {
        paths = [path]
        self.maxPayload = maxPayload
        rooms = hub.shards.map { FanoutRoom(shard: $0) }
    }

    package func admit(_ request: HandshakeRequest, shard: HubShard) -> Admission {
        guard let room = rooms.first(where: { $0.shard === shard }) else { return .refuse(.connections) }
        return ConformanceAdmission.admit(request, shard: shard, maxPayload: maxPayload) { connection, slot in
            FanoutSession(room: room, rooms: rooms, connection: connection, slot: slot)
        }
    }
}
