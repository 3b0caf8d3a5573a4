import ArgumentParser

/// Where the pictures are.
struct LibraryFlags: SettingFlags {
    @Option(help: .server("library")) var library: [String] = []

    func give(to flags: inout GivenFlags) {
        flags.take("library", library)
    }
}
