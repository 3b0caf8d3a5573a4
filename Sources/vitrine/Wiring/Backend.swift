import Domain
import Logging
import Synchronization

/// Domain put together for one data folder: store, journal, library and tasks.
struct Backend: Sendable {
    let data: DataDirectory
    let store: Store
    let journal: Journal
    let library: Library
    let tasks: TaskEngine

    /// Opens the data folder, which must not be another process's, and makes the configured libraries roots.
    ///
    /// Throws a ``DataDirectory/Failure``, a `SystemError`, GRDB's `DatabaseError`, or a `LibraryRootError`.
    init(configuration: ServerConfiguration) throws {
        data = try DataDirectory(path: configuration.dataFolder)
        store = try Store(path: data.database)
        journal = Journal(epoch: try store.beginEpoch(at: WallClock.system.now))
        library = try Library(store: store, journal: journal, data: data)
        for path in configuration.libraries { try library.addRoot(FolderArgument.absolute(path)) }
        try library.load(into: journal)
        let followUp = FollowUp(library: library)
        tasks = TaskEngine(
            store: store,
            journal: journal,
            kinds: [
                ScanKind(library: library, afterScan: followUp.submitThumbnails),
                ThumbnailsKind(library: library, data: data),
                LongTaskKind(),
            ],
            configuration: TaskEngine.Configuration(
                slots: configuration.slots,
                maxQueued: configuration.maxQueuedTasks,
                times: TaskQueue.Times(lease: configuration.lease, offer: configuration.offerTimeout)
            ),
            results: try ResultFolder(path: data.results)
        )
        followUp.connect(tasks)
    }

    /// Has all roots scanned, so that what changed while the server was away is noticed.
    func submitFirstScan() async throws {
        let isWaiting = journal.read { state in
            state.tasks.hasUnfinished { $0.name == "scan" && $0.params == [:] }
        }
        if !isWaiting { _ = try await tasks.submit(TaskRequest(name: "scan")) }
    }
}
