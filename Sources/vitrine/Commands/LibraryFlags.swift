import ArgumentParser

/// Where the pictures are.
struct LibraryFlags: SettingFlags {
    @Option(help: .server("library")) var library: [String] = []
    @Option(help: .server("trash")) var trash: String?

    func give(to flags: inout GivenFlags) {
        flags.take("library", library)
        flags.take("trash", trash)
    }
}
