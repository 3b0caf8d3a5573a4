import ArgumentParser

/// What goes through Redis.
struct RedisFlags: SettingFlags {
    @Option(help: .server("redis")) var redis: String?
    @Option(help: .server("redis-channels")) var redisChannels: [String] = []
    @Option(help: .server("redis-publish-channel")) var redisPublishChannel: String?
    @Option(help: .server("server-name")) var serverName: String?
    @Option(help: .server("celery")) var celery: [String] = []
    @Option(help: .server("celery-slots")) var celerySlots: String?
    @Option(help: .server("celery-lost-after")) var celeryLostAfter: String?
    @Option(help: .server("task-endpoint")) var taskEndpoint: String?

    func give(to flags: inout GivenFlags) {
        flags.take("redis", redis)
        flags.take("redis-channels", redisChannels)
        flags.take("redis-publish-channel", redisPublishChannel)
        flags.take("server-name", serverName)
        flags.take("celery", celery)
        flags.take("celery-slots", celerySlots)
        flags.take("celery-lost-after", celeryLostAfter)
        flags.take("task-endpoint", taskEndpoint)
    }
}
