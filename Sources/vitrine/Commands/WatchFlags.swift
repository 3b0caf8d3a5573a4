import ArgumentParser

/// How changes of the library are noticed.
struct WatchFlags: SettingFlags {
    @Flag(inversion: .prefixedNo, help: .server("watch")) var watch: Bool?
    @Option(help: .server("poll-interval")) var pollInterval: String?

    func give(to flags: inout GivenFlags) {
        flags.take("watch", watch)
        flags.take("poll-interval", pollInterval)
    }
}
