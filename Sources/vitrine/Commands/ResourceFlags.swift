import ArgumentParser

/// Where the files that come with the program are.
struct ResourceFlags: SettingFlags {
    @Option(help: .server("web-dir")) var webDir: String?
    @Option(help: .server("seeds-dir")) var seedsDir: String?

    func give(to flags: inout GivenFlags) {
        flags.take("web-dir", webDir)
        flags.take("seeds-dir", seedsDir)
    }
}
