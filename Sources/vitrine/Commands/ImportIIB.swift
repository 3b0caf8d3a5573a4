import ArgumentParser
import Domain
import Foundation
import Logging

/// `vitrine import-iib`: takes over the database of an Infinite Image Browsing server.
struct ImportIIB: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-iib",
        abstract: "Take over tags, likes, folders, settings and edits of Infinite Image Browsing.",
        discussion: """
            Its database is only read. The folders are scanned on the way. What is there already stays, so the command can \
            be run again. Not while a server uses the same data folder.
            """
    )

    @Argument(help: "The database, usually called iib.db.") var database: String
    @Option(
        help: ArgumentHelp(
            "A folder that lies elsewhere now (OLD=NEW; repeatable).",
            valueName: "OLD=NEW"
        )
    ) var map: [String] = []
    @OptionGroup(title: "Folders") var data: DataFolderFlags
    @OptionGroup(title: "Folders") var libraries: LibraryFlags
    @OptionGroup(title: "Log") var log: LogFlags
    @OptionGroup var file: FileFlag

    /// The settings of all sources, and the moved folders.
    func importConfiguration(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(ConfigurationError) -> (server: ServerConfiguration, mapping: PathMapping) {
        var flags = GivenFlags()
        flags.take(data)
        flags.take(libraries)
        flags.take(log)
        let server = try ServerConfiguration(flags: flags, configurationPath: file.path, environment: environment)
        try server.checkFolders()
        var mapping = PathMapping()
        for rule in map {
            guard mapping.add(rule) else {
                throw ConfigurationError("--map \(rule): write OLD=NEW, the new folder as an absolute path")
            }
        }
        return (server, mapping)
    }

    mutating func run() async throws {
        let (configuration, mapping) = try importConfiguration()
        let source = try IIBDatabase(path: FolderArgument.absolute(database))
        try configuration.createDataFolder()
        LogSinks(level: configuration.logLevel, format: configuration.logFormat).bootstrap()
        let progress = TerminalProgress()
        let logger = Logger(label: "vitrine.import")
        let report = try await LibraryImport(configuration: configuration).run(
            from: source,
            mapping: mapping,
            report: { progress.update($0) },
            log: { logger.log(level: $0.loggerLevel, "\($1)") }
        )
        for line in report.lines { LogOutput.standardOutput.writeLine(line) }
    }
}
