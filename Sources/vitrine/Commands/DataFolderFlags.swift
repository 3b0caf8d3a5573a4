import ArgumentParser

/// Where the data is.
struct DataFolderFlags: SettingFlags {
    @Option(help: .server("data-dir")) var dataDir: String?

    func give(to flags: inout GivenFlags) {
        flags.take("data-dir", dataDir)
    }
}
