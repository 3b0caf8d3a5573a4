/// A session that subscribes to topics.
protocol HubClient: Session {
    /// Its place in the hub.
    var subscriber: Subscriber { get }

    /// Where finished tasks are looked up.
    var tasks: any TaskCommands { get }
}
