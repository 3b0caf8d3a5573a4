import ArgumentParser
import Domain
import Foundation

/// `vitrine seed`: puts the demo library, or another folder of pictures, into the data folder.
struct Seed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy the demo library into the data folder.",
        discussion: """
            The pictures come to lie in output/demo of the data folder; those that are there stay. The server finds them \
            when it starts. Not while a server uses the same data folder.
            """
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
        let data = try DataDirectory(path: configuration.dataFolder)
        let count = try DemoLibrary.load(from: source, into: data)
        LogOutput.standardOutput.writeLine("\(count) pictures copied to \(data[.output])/demo")
    }
}
