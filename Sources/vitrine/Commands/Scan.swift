import ArgumentParser
import Domain
import Foundation

/// `vitrine scan`: looks through the libraries without a server.
struct Scan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look through the libraries once, and show how far it is.",
        discussion: "A bar on a terminal, lines elsewhere. Not while a server uses the same data folder."
    )

    @Argument(help: "Look through this folder only.") var folder: String?
    @OptionGroup(title: "Folders") var data: DataFolderFlags
    @OptionGroup(title: "Folders") var libraries: LibraryFlags
    @OptionGroup(title: "Log") var log: LogFlags
    @OptionGroup var file: FileFlag

    /// The settings of all sources, as far as a scan needs them checked.
    func scanConfiguration(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(ConfigurationError) -> ServerConfiguration {
        var flags = GivenFlags()
        flags.take(data)
        flags.take(libraries)
        flags.take(log)
        let configuration = try ServerConfiguration(
            flags: flags,
            configurationPath: file.path,
            environment: environment
        )
        try configuration.checkFolders()
        guard let folder else { return configuration }
        guard ServerConfiguration.isFolder(folder) else { throw ConfigurationError("\(folder) is not a folder") }
        return configuration
    }

    mutating func run() async throws {
        let configuration = try scanConfiguration()
        try configuration.createDataFolder()
        LogSinks(level: configuration.logLevel, format: configuration.logFormat).bootstrap()
        let backend = try Backend(configuration: configuration)
        try await LibraryScan(backend: backend, folder: folder).runOnTerminal()
        try backend.store.close()
    }
}
