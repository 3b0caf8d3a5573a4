import Synchronization

/// The library as everyone uses it: what the store holds, and the events of every change to it.
package final class Library: Sendable {
    package let store: Store
    package let journal: Journal
    package let clock: WallClock
    /// Absolute paths of folders and files that are no part of the library, wherever they lie.
    package let excluded: Set<String>
    /// What scans look for in pictures besides what costs next to nothing.
    package let reading: GenerationOptions
    /// Who waits for scans, and what they are to look at.
    package let passes = IndexPasses()
    /// Files that are hashed before others.
    let urgent = UrgentHashes()

    /// Milliseconds between two `library.counts` events.
    package static let countsInterval: Milliseconds = 200

    private struct Counts {
        var last: Milliseconds?
        var waiting: LibraryCounts?
    }

    /// Which roots stay, and who hears that there are others now.
    let rootBook = Mutex(RootBook())

    /// Held from a commit to the publishing of its events, so that events come in the order of the commits.
    private let counts = Mutex(Counts())

    /// A library over a store; `excluded` are absolute paths of folders, which scans leave out, and of files.
    package init(
        store: Store,
        journal: Journal,
        excluded: Set<String> = [],
        reading: GenerationOptions = GenerationOptions(),
        clock: WallClock = .system
    ) {
        self.store = store
        self.journal = journal
        self.excluded = excluded
        self.reading = reading
        self.clock = clock
    }

    /// A library over the store of a data directory, whose own folders of the library become roots.
    ///
    /// `excluded` are further folders that scans leave out; absolute and resolved.
    package convenience init(
        store: Store,
        journal: Journal,
        data: DataDirectory,
        excluded: Set<String> = [],
        reading: GenerationOptions = GenerationOptions(),
        clock: WallClock = .system
    ) throws {
        self.init(
            store: store,
            journal: journal,
            excluded: excluded.union(data.privateFolders + data.ownFiles),
            reading: reading,
            clock: clock
        )
        for folder in data.libraryFolders { try addRoot(folder, isPermanent: true) }
    }

    // MARK: - Reading

    /// How much there is.
    package func libraryCounts() throws -> LibraryCounts { try store.libraryCounts() }

    /// The newest files, newest first.
    package func newest(limit: Int) throws -> [LibraryItem] { try store.newestItems(limit: limit) }

    /// One file by its id.
    package func item(id: Int) throws -> LibraryItem? { try store.item(id: id) }

    /// One content by its hash.
    package func content(_ hash: ContentHash) throws -> LibraryContent? { try store.content(hash) }

    /// A file that holds a content: one that has not changed since the library read it; `nil` when there is none.
    package func contentFile(_ hash: ContentHash) throws -> ContentFile? {
        try store.files(holding: hash, limit: 100).first { file in
            FileStatus(path: file.path) == file.status
        }.map { ContentFile(path: $0.path, mime: $0.mime) }
    }

    /// Gives the journal's boards what the store holds; once, at start.
    package func load(into journal: Journal) throws {
        let (counts, newest) = try store.libraryState(newest: LibraryBoard.newestLimit)
        let tags = try store.tagCount(ofType: MediaTag.custom)
        journal.load {
            $0.library.load(counts: counts, newest: newest)
            $0.pictureTags.load(tags)
        }
    }

    /// Whether scans leave out what lies at a path below a root: a part of it begins with a dot, or is excluded.
    func leavesOut(_ path: String, of root: LibraryRoot) -> Bool {
        var folder = root.path
        for part in path.split(separator: "/") {
            folder = FolderPath.joined(folder, String(part))
            if part.utf8.first == UInt8(ascii: ".") || excluded.contains(folder) { return true }
        }
        return false
    }

    // MARK: - Changing

    /// Changes the store and tells of it, after it is committed.
    func commit(_ body: () throws -> LibraryChanges) throws -> LibraryChanges {
        try counts.withLock { counts in
            let changes = try body()
            let events = changes.events
            journal.publish(contentsOf: events)
            if !changes.added.isEmpty || !changes.removed.isEmpty || !changes.changed.isEmpty {
                counts.waiting = changes.counts
                let now = clock.now
                if counts.last.map({ now - $0 >= Self.countsInterval || now < $0 }) ?? true {
                    publish(&counts, now)
                }
            }
            return changes
        }
    }

    /// Publishes the last counts if they were held back; at the end of a scan.
    func flushCounts() {
        counts.withLock { publish(&$0, clock.now) }
    }

    private func publish(_ counts: inout Counts, _ now: Milliseconds) {
        guard let waiting = counts.waiting else { return }
        counts.waiting = nil
        counts.last = now
        journal.publish(.libraryCounts(waiting))
    }
}
