import ArgumentParser
import Foundation

/// `vitrine seed`: puts the demo library, or another folder of pictures, into the data folder.
struct Seed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy the demo library into the data folder and scan it.",
        discussion: "The pictures come to lie in the folder demo of the data folder; those that are there stay."
    )

    @Option(help: .seed("from")) var from: String?
    @OptionGroup(title: "Folders") var data: DataFolderFlags
    @OptionGroup(title: "Log") var log: LogFlags
    @OptionGroup var file: FileFlag

    /// The settings of all sources, and the folder to copy from.
    func seedConfiguration(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(ConfigurationError) -> (server: ServerConfiguration, source: String) {
        var flags = GivenFlags()
        flags.take(data)
        flags.take(log)
        flags.take("from", from)
        let server = try ServerConfiguration(flags: flags, configurationPath: file.path, environment: environment)
        var seed = SeedConfiguration()
        let resolver = SettingResolver(settings: SeedSettings.all)
        try resolver.resolve(&seed, flags: flags, environment: environment)
        guard let source = seed.source ?? server.seedsFolder.map({ $0 + "/demo" }) else {
            throw ConfigurationError("the demo library was not found: name a folder of pictures with --from")
        }
        guard ServerConfiguration.isFolder(source) else {
            throw ConfigurationError("--from: \(source) is not a folder")
        }
        return (server, source)
    }

    mutating func run() async throws {
        let (configuration, source) = try seedConfiguration()
        try configuration.createDataFolder()
        LogSinks(level: configuration.logLevel, format: configuration.logFormat).bootstrap()
        let copying = TerminalProgress()
        let demo = DemoLibrary(folder: configuration.demoFolder)
        let copied = try demo.copy(from: source) { copying.update($0) }
        copying.finish(copied)
        let scanning = TerminalProgress()
        let last = try await LibraryScan(configuration: configuration, folder: demo.folder).run { scanning.update($0) }
        scanning.finish(last)
    }
}
