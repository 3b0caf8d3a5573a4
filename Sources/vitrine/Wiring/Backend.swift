import Domain
import Foundation
import Logging
import Synchronization

/// Domain put together for one data folder: store, journal, library and tasks.
struct Backend: Sendable {
    let data: DataDirectory
    let store: Store
    let journal: Journal
    let library: Library
    /// What is known of the library's pictures, videos and sounds.
    let index: MediaIndex
    /// Lists, changes and packs files.
    let files: FileOperations
    /// Small pictures of files, made when they are asked for.
    let thumbnails: ThumbnailCache
    /// Models, their sample pictures, and those that wait to be imported.
    let gallery: ModelGallery
    /// Threads on which calls may wait for the disk.
    let threads = BlockingThreads(count: 2)
    let tasks: TaskEngine
    /// The client of the configured Redis.
    let redis: RedisClient?
    /// What runs tasks on Celery, when any go there.
    let celery: CeleryExecutor?

    /// Opens the data folder, which must not be another process's, and makes the configured libraries roots.
    ///
    /// Throws a ``ConfigurationError`` for a trash that cannot be made, a ``DataDirectory/Failure``, GRDB's
    /// `DatabaseError`, a `LibraryRootError`, or a `SystemError`.
    init(configuration: ServerConfiguration) throws {
        let trash = try configuration.createTrashFolder()
        data = try DataDirectory(path: configuration.dataFolder)
        store = try Store(path: data.database)
        journal = Journal(epoch: try store.beginEpoch(at: WallClock.system.now))
        library = try Library(
            store: store,
            journal: journal,
            data: data,
            excluded: Set([trash].compactMap(\.self)),
            reading: GenerationOptions(readsHiddenText: configuration.readsStealthMetadata)
        )
        for path in configuration.libraries { try library.addRoot(FolderArgument.absolute(path), isPermanent: true) }
        let index = MediaIndex(library: library)
        self.index = index
        files = FileOperations(
            library: library,
            data: data,
            trash: trash,
            packing: PackingLimits(files: configuration.maxPackedFiles, bytes: configuration.maxPackedBytes),
            listings: configuration.watches ? RememberedListings() : nil,
            logger: Logger(label: "vitrine.files"),
            noteChanges: { index.noteChanges(in: $0) }
        )
        // Before anything looks at the disk: what a crash left half done is finished or undone first.
        try files.recover()
        try library.load(into: journal)
        let renderer = PictureRenderer(ffmpeg: configuration.ffmpegProgram.map { FFmpeg(program: $0) })
        thumbnails = ThumbnailCache(
            folder: CacheFolder(
                path: (configuration.iib.cacheFolder ?? data[.temp]) + "/iib_cache",
                limit: configuration.thumbnailCacheBytes
            ),
            renderer: renderer,
            previews: LibraryPreviews(store: store, data: data, renderer: renderer)
        )
        gallery = ModelGallery(
            library: library,
            data: data,
            folders: configuration.models(below: data[.models]),
            legacyFolder: configuration.legacyFolder.map(FolderArgument.absolute),
            ffmpeg: configuration.ffmpegProgram.map { FFmpeg(program: $0) }
        )
        try gallery.recoverPictures()
        try gallery.load()
        let followUp = FollowUp(library: library, renderer: renderer)
        tasks = TaskEngine(
            store: store,
            journal: journal,
            kinds: [
                ScanKind(library: library, afterScan: followUp.submitThumbnails),
                ThumbnailsKind(library: library, data: data, renderer: renderer),
                ModelScanKind(gallery: gallery),
                ModelImportKind(gallery: gallery),
                LongTaskKind(),
            ],
            configuration: TaskEngine.Configuration(
                slots: configuration.slots,
                maxQueued: configuration.maxQueuedTasks,
                times: TaskQueue.Times(lease: configuration.lease, offer: configuration.offerTimeout)
            ),
            routed: Set(configuration.celery.map(\.name)),
            results: try ResultFolder(path: data.results)
        )
        followUp.connect(tasks)
        let engine = tasks
        // Without slots no scan would ever begin as a task: then updates run on threads of their own.
        if configuration.slots > 0 {
            index.connect({ _ = try await engine.submit($0) }, afterScan: followUp.submitThumbnails)
            gallery.tasks.connect(submit: { _ = try await engine.submit($0) }, result: { try await engine.result($0) })
        }
        redis = try configuration.redis.map { try RedisClient(address: $0, logger: Logger(label: "vitrine.redis")) }
        if let redis, !configuration.celery.isEmpty {
            var celery = CeleryExecutor.Configuration(
                routes: configuration.celery,
                endpoint: configuration.workerEndpoint,
                lostAfter: configuration.celeryLostAfter
            )
            celery.slots = configuration.celerySlots
            self.celery = CeleryExecutor(
                configuration: celery,
                redis: redis,
                engine: tasks,
                logger: Logger(label: "vitrine.celery")
            )
        } else {
            celery = nil
        }
    }

    /// Has all roots scanned, so that what changed while the server was away is noticed.
    func submitFirstScan() async throws {
        let isWaiting = journal.read { state in
            state.tasks.hasUnfinished { $0.name == "scan" && $0.params == [:] }
        }
        if !isWaiting { _ = try await tasks.submit(TaskRequest(name: "scan")) }
    }
}
