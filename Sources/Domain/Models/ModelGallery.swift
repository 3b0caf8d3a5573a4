import Synchronization

/// The gallery of models: what is known of them, their sample pictures, and those that wait to be taken in
/// (contracts/gallery.md).
///
/// Its calls may wait for the disk; they do so on threads of their own.
package final class ModelGallery: Sendable {
    package let library: Library
    package let data: DataDirectory
    package let threads: BlockingThreads
    /// Where pictures are made smaller, which fills a core for a second: few at a time, and nobody else waits for it.
    let painters = BlockingThreads(count: 2)
    /// Which folders hold models of which type.
    package let folders: ModelFolders
    /// Below which legacy databases may be migrated; `nil`: none may.
    let legacyFolder: String?
    /// Decodes sample pictures of the rarer kinds; `nil` when it is not there.
    let ffmpeg: FFmpeg?
    /// Runs what takes long.
    package let tasks: GalleryTasks

    /// Which files are being hashed.
    let hashTurns = HashTurns()

    /// Whether a look for samples that were removed from the library is under way.
    let isLooking = Atomic(false)

    /// Held while a legacy database is taken over.
    let migrations = Mutex(())

    /// Held from a commit to the publishing of its events, so that events come in the order of the commits.
    private let turn = Mutex(())

    package init(
        library: Library,
        data: DataDirectory,
        folders: ModelFolders,
        legacyFolder: String? = nil,
        ffmpeg: FFmpeg? = nil,
        threads: BlockingThreads = BlockingThreads(count: 4)
    ) {
        self.library = library
        self.data = data
        self.folders = folders
        self.legacyFolder = legacyFolder
        self.ffmpeg = ffmpeg
        self.threads = threads
        tasks = GalleryTasks(journal: library.journal)
        library.journal.listen { [weak self] entry in
            if case .libraryRemoved = entry.event { self?.lookForLostSamples() }
        }
    }

    /// Gives the journal's boards what the store holds; once, at start.
    package func load() throws {
        _ = try library.store.takeLostSamples()
        let counts = try library.store.modelCounts()
        library.journal.load {
            $0.models.load(counts.models)
            $0.tags.load(counts.words)
        }
    }

    /// Changes the store and tells of it, after it is committed; blocks.
    func commit<Value>(_ body: () throws -> (Value, ModelChanges)) throws -> Value {
        try turn.withLock { _ in
            let (value, changes) = try body()
            library.journal.publish(contentsOf: changes.events)
            return value
        }
    }

    /// Tells that the sample pictures of a model are others now; blocks.
    ///
    /// Nobody hears of a hash that no model has.
    func noteChanged(_ hash: ContentHash) throws {
        try commit {
            let model = try library.store.model(hash)
            return ((), ModelChanges(models: model.map { [(.changed, $0)] } ?? []))
        }
    }
}
