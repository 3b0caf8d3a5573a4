import Dispatch
import Synchronization

/// Brings the library in step with the folders on the disk.
///
/// A scan has two phases. First one thread walks, some examine files (recognise and describe them) and one writes to
/// the store; bounded queues lie in between. Then searches find everything. After that the contents are hashed, and
/// what the library tells of them goes out. Rules:
/// - Names that begin with a dot are left out, files and folders alike, and so are ``Library/excluded`` folders.
/// - Symbolic links are never followed. What a link below a root points to inside the root is walked where it lies;
///   what lies outside is not of this root.
/// - A file with the same size and modification time as before, and the same of its side-car, is taken as unchanged.
/// - A file that moved keeps its row, once its own path is free: it is known by device, inode, size and modification
///   time, or, when it was written to as well, by device, inode and the time of its birth. One that moved to another file system is known by its content (``Store/setContents(of:at:)``).
/// - What is gone is removed at the end of the walk, when it is known what of it was moved.
/// - A folder that cannot be read keeps its files. So does one that lies on another file system than before and in
///   which nothing known is left: it looks unmounted.
/// - Broken pictures are reported; what has the name of a picture or a sound is in the index all the same, but has no
///   content and is told to nobody until it is whole.
package struct Scanner: Sendable {
    let library: Library
    /// How many threads examine files.
    let threads: Int
    /// For tests: called before each commit; what it throws ends the scan as a failing disk would.
    let willCommit: @Sendable () throws -> Void

    /// A scanner with four threads a core for examining files, at most sixteen.
    ///
    /// They wait for the disk most of the time when the files are not in memory, and a disk does several reads at once.
    package init(library: Library) {
        self.init(library: library, threads: min(16, 4 * Processors.count))
    }

    init(library: Library, threads: Int, willCommit: @escaping @Sendable () throws -> Void = {}) {
        self.library = library
        self.threads = threads
        self.willCommit = willCommit
    }

    /// Scans all roots, or what lies at and below one folder, and returns when that is done.
    ///
    /// Blocks: not for a thread of Swift's pool. `folder` is absolute and must lie at or below a root. A full scan
    /// reads every file again. `progress` and `log` are called on any thread, one call of `progress` at a time and
    /// at most ten a second. Throws `CancellationError` once `stop` is set, ``LibraryRootError`` or ``OutsideRoots``
    /// for a wrong folder, and the store's errors; what was committed until then stays.
    package func scan(
        folder: String? = nil,
        full: Bool = false,
        stop: StopFlag = StopFlag(),
        progress: @escaping @Sendable (_ current: Int, _ total: Int?, _ message: String) -> Void = { _, _, _ in },
        log: @escaping @Sendable (LogLevel, String) -> Void = { _, _ in }
    ) throws -> ScanReport {
        let meter = ScanMeter(report: progress, log: log)
        let extent: ScanExtent = folder.map { .tree($0) } ?? .everything
        try index(extent, reading: full ? .allAndContents : .none, meter: meter, stop: stop)
        _ = try hash(meter: meter, stop: stop)
        return meter.finish()
    }

    /// The first phase: after it the index speaks of all files of the extent as they were when it began, or later.
    func index(_ extent: ScanExtent, reading: ScanWalker.Reading, meter: ScanMeter, stop: StopFlag) throws {
        let places = try places(extent)
        let store = library.store
        let line = ScanLine(
            scanner: self,
            meter: meter,
            stop: stop,
            reader: try MediaReader(store: store, options: library.reading),
            isFirst: try store.knowsNoFile()
        )
        let walker = ScanWalker(
            library: library,
            line: line,
            meter: meter,
            stop: stop,
            reading: reading,
            named: extent.named
        )
        defer { library.flushCounts() }
        try line.run {
            for place in places where !stop.isSet {
                try walker.walk(place.root, place.path, isShallow: place.isShallow)
            }
            meter.know(seen: walker.seen)
        }
    }

    /// The second phase: computes the contents that are missing, those that earlier scans left too.
    ///
    /// Begins after the file with id `start`, and answers where to go on when `isWanted` asked it to stop for
    /// something more urgent; `nil` when nothing is left.
    func hash(meter: ScanMeter, stop: StopFlag, after start: Int = 0, unless isWanted: () -> Bool = { false }) throws
        -> Int?
    {
        try HashLine(scanner: self, meter: meter, stop: stop).run(after: start, unless: isWanted)
    }

    /// A folder that is not part of the library.
    package struct OutsideRoots: Error, Hashable, Sendable, CustomStringConvertible {
        package let path: String
        package var description: String { "\(path): this folder is in no root of the library" }
    }

    private func places(_ extent: ScanExtent) throws -> [(root: LibraryRoot, path: String, isShallow: Bool)] {
        let roots = try library.roots()
        switch extent {
        case .everything: return roots.map { ($0, "", false) }
        case .tree(let folder):
            // A root that is gone for the moment cannot be resolved, but it is a root.
            if let root = roots.first(where: { $0.relative(folder) == "" }) { return [(root, "", false)] }
            let resolved = try FolderPath.resolvedFolder(folder)
            for root in roots {
                if let path = root.relative(resolved) { return [(root, path, false)] }
            }
            throw OutsideRoots(path: folder)
        case .folders(let folders):
            return folders.sorted().compactMap { folder in
                for root in roots {
                    if let path = root.relative(folder.text), !library.leavesOut(path, of: root) {
                        return (root, path, true)
                    }
                }
                return nil
            }
        }
    }
}

/// How much of the library a scan looks at.
enum ScanExtent: Hashable, Sendable {
    case everything
    /// A folder, absolute, and all below it.
    case tree(String)
    /// These folders, absolute and resolved, without those below that are known.
    case folders(Set<ByteText>)

    /// The folders that are named one by one.
    var named: Set<ByteText> { if case .folders(let folders) = self { folders } else { [] } }
}
