import ArgumentParser

/// What the log says, and how; the same for every command.
struct LogFlags: SettingFlags {
    @Option(help: .server("log-level")) var logLevel: String?
    @Option(help: .server("log-format")) var logFormat: String?

    func give(to flags: inout GivenFlags) {
        flags.take("log-level", logLevel)
        flags.take("log-format", logFormat)
    }
}
