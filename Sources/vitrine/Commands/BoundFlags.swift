import ArgumentParser

/// How much of everything (contracts/realtime.md §8).
struct BoundFlags: SettingFlags {
    @Option(help: .server("max-connections")) var maxConnections: String?
    @Option(help: .server("max-subscriptions")) var maxSubscriptions: String?
    @Option(help: .server("max-message")) var maxMessage: String?
    @Option(help: .server("message-rate")) var messageRate: String?
    @Option(help: .server("max-body")) var maxBody: String?
    @Option(help: .server("max-queued-tasks")) var maxQueuedTasks: String?
    @Option(help: .server("history-events")) var historyEvents: String?
    @Option(help: .server("history-bytes")) var historyBytes: String?
    @Option(help: .server("queue-events")) var queueEvents: String?
    @Option(help: .server("queue-bytes")) var queueBytes: String?
    @Option(help: .server("max-packed-files")) var maxPackedFiles: String?
    @Option(help: .server("max-packed-bytes")) var maxPackedBytes: String?

    func give(to flags: inout GivenFlags) {
        flags.take("max-connections", maxConnections)
        flags.take("max-subscriptions", maxSubscriptions)
        flags.take("max-message", maxMessage)
        flags.take("message-rate", messageRate)
        flags.take("max-body", maxBody)
        flags.take("max-queued-tasks", maxQueuedTasks)
        flags.take("history-events", historyEvents)
        flags.take("history-bytes", historyBytes)
        flags.take("queue-events", queueEvents)
        flags.take("queue-bytes", queueBytes)
        flags.take("max-packed-files", maxPackedFiles)
        flags.take("max-packed-bytes", maxPackedBytes)
    }
}
