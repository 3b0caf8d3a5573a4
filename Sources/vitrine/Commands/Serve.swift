import ArgumentParser
import Foundation
import Logging

/// `vitrine serve`: the server.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the server.",
        discussion: "Sizes are bytes, plain or with KiB, MiB or GiB; times are milliseconds."
    )

    @OptionGroup(title: "Address and access") var address: AddressFlags
    @OptionGroup(title: "Folders") var data: DataFolderFlags
    @OptionGroup(title: "Folders") var libraries: LibraryFlags
    @OptionGroup(title: "Folders") var watching: WatchFlags
    @OptionGroup(title: "Folders") var resources: ResourceFlags
    @OptionGroup(title: "Pictures") var pictures: PictureFlags
    @OptionGroup(title: "Infinite Image Browsing") var iib: IIBFlags
    @OptionGroup(title: "Model gallery") var gallery: GalleryFlags
    @OptionGroup(title: "Bounds") var bounds: BoundFlags
    @OptionGroup(title: "Times and tasks") var times: TimeFlags
    @OptionGroup(title: "Redis and Celery") var redis: RedisFlags
    @OptionGroup(title: "Log") var log: LogFlags
    @OptionGroup var file: FileFlag

    /// What the command line says.
    var flags: GivenFlags {
        var flags = GivenFlags()
        flags.take(address)
        flags.take(data)
        flags.take(libraries)
        flags.take(watching)
        flags.take(resources)
        flags.take(pictures)
        flags.take(iib)
        flags.take(gallery)
        flags.take(bounds)
        flags.take(times)
        flags.take(redis)
        flags.take(log)
        return flags
    }

    /// The settings of all sources, checked.
    func serverConfiguration(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(ConfigurationError) -> ServerConfiguration {
        let configuration = try ServerConfiguration(
            flags: flags,
            configurationPath: file.path,
            environment: environment
        )
        try configuration.checkAccess()
        try configuration.checkCelery()
        try configuration.checkFolders()
        try configuration.checkModels()
        return configuration
    }

    mutating func run() async throws {
        var configuration = try serverConfiguration()
        try configuration.createDataFolder()
        let relay = LogRelay()
        LogSinks(
            level: configuration.logLevel,
            format: configuration.logFormat,
            redactor: TokenRedactor(tokens: configuration.secrets),
            relay: relay
        ).bootstrap()
        let logger = Logger(label: "vitrine.serve")
        for name in ServerConfiguration.unknownVariables(in: ProcessInfo.processInfo.environment) {
            logger.warning("an environment variable is no setting", metadata: ["name": "\(name)"])
        }
        for note in configuration.iib.notes(environment: ProcessInfo.processInfo.environment) {
            logger.warning("\(note)")
        }
        if let note = configuration.fitConnections(underFileLimit: FileLimit.raise()) { logger.warning("\(note)") }
        if configuration.insecure, !configuration.needsToken {
            logger.warning("anyone who reaches \(configuration.host) may do everything: --insecure without a token")
        }
        try await Server(configuration: configuration, logRelay: relay).run()
    }
}
