package import Domain

/// What a client can say (contracts/realtime.md §2 and §6), with every field checked.
package enum ClientMessage: Hashable, Sendable {
    case subscribe(topics: [Topic], since: ResumePoint?)
    case unsubscribe(topics: [Topic])
    case ping
    case hello(Hello)
    case publish(app: String, data: JSON, key: String?)
    case runTask(TaskRequest)
    case cancelTask(String)
    /// A worker's word about a task it holds a lease on.
    case work(task: String, lease: String, WorkerWord)
    case heartbeat

    /// Who a connection says it is.
    package struct Hello: Hashable, Sendable {
        package var name: String
        package var kind: ClientRecord.Kind
        package var capabilities: [String]
        package var slots: Int
    }
}
