import ArgumentParser
import Domain
import Foundation
import REST

/// `vitrine thumbnails`: fills the cache of thumbnails without a server.
struct Thumbnails: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the thumbnails of all indexed pictures and videos before anyone asks.",
        discussion: """
            They lie where clients of Infinite Image Browsing find them, in IIB_CACHE_DIR when that is set. The libraries \
            that the settings name are looked through first, as 'vitrine scan' does. Not while a server uses the same \
            data folder.
            """
    )

    @Option(help: "The box that they fit into, as 512x512, which is what the web client asks for.") var size = "512x512"
    @OptionGroup(title: "Folders") var data: DataFolderFlags
    @OptionGroup(title: "Folders") var libraries: LibraryFlags
    @OptionGroup(title: "Pictures") var pictures: PictureFlags
    @OptionGroup(title: "Log") var log: LogFlags
    @OptionGroup var file: FileFlag

    /// The settings of all sources; throws for a library that is no folder, too.
    func thumbnailConfiguration(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(ConfigurationError) -> ServerConfiguration {
        var flags = GivenFlags()
        flags.take(data)
        flags.take(libraries)
        flags.take(pictures)
        flags.take(log)
        let configuration = try ServerConfiguration(
            flags: flags,
            configurationPath: file.path,
            environment: environment
        )
        try configuration.checkFolders()
        return configuration
    }

    /// The box; throws for what is none.
    func box() throws(ConfigurationError) -> ThumbnailSize {
        guard let box = ThumbnailSize(size) else {
            throw ConfigurationError("--size: \"\(size)\" is not WIDTHxHEIGHT, 1 to \(ThumbnailSize.limit) each")
        }
        return box
    }

    mutating func run() async throws {
        let configuration = try thumbnailConfiguration()
        let box = try box()
        try configuration.createDataFolder()
        LogSinks(level: configuration.logLevel, format: configuration.logFormat).bootstrap()
        let backend = try Backend(configuration: configuration)
        if !configuration.libraries.isEmpty {
            try await LibraryScan(backend: backend, folder: nil).runOnTerminal()
        }
        let progress = TerminalProgress()
        let total = try backend.store.mediaToShow()
        let prepared = try await backend.thumbnails.prepareAll(
            of: backend.store,
            size: box,
            version: IIBDate.text,
            report: { progress.update(Self.progress($0, of: total)) }
        )
        try backend.store.close()
        progress.finish(Self.progress(prepared, of: prepared.count))
    }

    private static func progress(_ prepared: ThumbnailCache.Prepared, of total: Int) -> TaskRecord.Progress {
        TaskRecord.Progress(
            current: prepared.count,
            total: max(total, prepared.count),
            message: "made \(prepared.made), present \(prepared.present), failed \(prepared.failed)"
        )
    }
}
