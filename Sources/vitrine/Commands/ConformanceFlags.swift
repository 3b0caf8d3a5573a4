import ArgumentParser

/// The port, and the bounds that suites want to be short.
struct ConformanceFlags: SettingFlags {
    @Option(help: .conformance("port")) var port: String?
    @Option(help: .conformance("loops")) var loops: String?
    @Option(help: .conformance("ping-interval")) var pingInterval: String?
    @Option(help: .conformance("ping-timeout")) var pingTimeout: String?
    @Option(help: .conformance("connect-timeout")) var connectTimeout: String?
    @Option(help: .conformance("max-payload")) var maxPayload: String?
    @Option(help: .conformance("max-message")) var maxMessage: String?

    func give(to flags: inout GivenFlags) {
        flags.take("port", port)
        flags.take("loops", loops)
        flags.take("ping-interval", pingInterval)
        flags.take("ping-timeout", pingTimeout)
        flags.take("connect-timeout", connectTimeout)
        flags.take("max-payload", maxPayload)
        flags.take("max-message", maxMessage)
    }
}
