import ArgumentParser

/// How long connections and workers may be silent, and how many tasks run at once.
struct TimeFlags: SettingFlags {
    @Option(help: .server("ping-interval")) var pingInterval: String?
    @Option(help: .server("ping-timeout")) var pingTimeout: String?
    @Option(help: .server("handshake-timeout")) var handshakeTimeout: String?
    @Option(help: .server("lease")) var lease: String?
    @Option(help: .server("offer-timeout")) var offerTimeout: String?
    @Option(help: .server("slots")) var slots: String?

    func give(to flags: inout GivenFlags) {
        flags.take("ping-interval", pingInterval)
        flags.take("ping-timeout", pingTimeout)
        flags.take("handshake-timeout", handshakeTimeout)
        flags.take("lease", lease)
        flags.take("offer-timeout", offerTimeout)
        flags.take("slots", slots)
    }
}
