import Dispatch
import Synchronization

/// Brings the library in step with the folders on the disk.
///
/// One thread walks, some examine files (recognise, measure, hash), one writes to the store; bounded queues lie in
/// between. Rules:
/// - Names that begin with a dot are left out, files and folders alike, and so are ``Library/excluded`` folders.
/// - Symbolic links are never followed. What a link below a root points to inside the root is walked where it lies;
///   what lies outside is not of this root.
/// - A file with the same size and modification time as before is taken as unchanged, unless the scan is full.
/// - A file that moved is one removed and one added: its content, and what hangs on it, stays.
/// - A folder that cannot be read keeps its files. So does one that lies on another file system than before and in
///   which nothing known is left: it looks unmounted.
/// - Broken pictures are reported and skipped.
package struct Scanner: Sendable {
    let library: Library
    /// How many threads examine files.
    let threads: Int
    /// For tests: called before each commit; what it throws ends the scan as a failing disk would.
    let willCommit: @Sendable () throws -> Void

    /// A scanner with a thread a core for examining files, at most four.
    package init(library: Library) {
        self.init(library: library, threads: min(4, max(1, Processors.count)))
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
        let places = try places(folder)
        let meter = ScanMeter(report: progress, log: log)
        let line = ScanLine(scanner: self, meter: meter, stop: stop)
        let walker = ScanWalker(library: library, line: line, meter: meter, stop: stop, full: full)
        return try line.run {
            for (root, path) in places where !stop.isSet { try walker.walk(root, path) }
            meter.know(total: walker.seen)
        }
    }

    /// A folder that is not part of the library.
    package struct OutsideRoots: Error, Hashable, Sendable, CustomStringConvertible {
        package let path: String
        package var description: String { "\(path): this folder is in no root of the library" }
    }

    private func places(_ folder: String?) throws -> [(root: LibraryRoot, path: String)] {
        let roots = try library.roots()
        guard let folder else { return roots.map { ($0, "") } }
        // A root that is gone for the moment cannot be resolved, but it is a root.
        if let root = roots.first(where: { $0.relative(folder) == "" }) { return [(root, "")] }
        let resolved = try FolderPath.resolvedFolder(folder)
        for root in roots {
            if let path = root.relative(resolved) { return [(root, path)] }
        }
        throw OutsideRoots(path: folder)
    }
}
