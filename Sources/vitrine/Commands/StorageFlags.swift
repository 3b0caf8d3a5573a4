import ArgumentParser

/// Where the data and the pictures are.
struct StorageFlags: SettingFlags {
    @Option(help: .server("data-dir")) var dataDir: String?
    @Option(help: .server("library")) var library: [String] = []

    func give(to flags: inout GivenFlags) {
        flags.take("data-dir", dataDir)
        flags.take("library", library)
    }
}
