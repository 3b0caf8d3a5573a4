/// A member of a shard that subscribes to topics.
protocol HubClient: ShardMember {
    /// Its place in the hub.
    var subscriber: Subscriber { get }

    /// Where finished tasks are looked up.
    var tasks: any FinishedTasks { get }

    /// Events were dropped and it reads again: it is to be told the state of its topics anew (G7).
    func resynchronize(on shard: HubShard)
}

extension HubClient {
    func resynchronize(on shard: HubShard) {
        shard.resynchronize(self)
    }
}
