package import Logging

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Lists, copies, moves, renames and deletes files as clients ask for it.
///
/// Rules, of every call:
/// - Every path is judged by where it really lies, by the ``PathPolicy`` that comes with the call. Something is changed
///   only below folders of the library, never those folders themselves, and never what the server keeps for itself.
/// - A link is moved, renamed and deleted itself; copied is what it leads to.
/// - Nothing is ever replaced.
/// - A picture's side-car goes where the picture goes, both or none; folders go whole.
/// - The library's rows follow in the same step, whatever fails and whenever the process ends (``recover()``).
///
/// Calls wait for the disk on threads of their own. What they throw is ``FileError``, ``FileFailure``, or GRDB's
/// `DatabaseError`.
package final class FileOperations: Sendable {
    let library: Library
    let files: any FileSystem
    let runner: PlanRunner
    let threads: BlockingThreads
    let logger: Logger
    /// Folders of the server itself, and which of those in them belong to the library.
    let own: OwnFolders
    /// Where packed files are kept; `nil` when there is no place for them.
    let archives: ArchiveFolder?
    /// What was listed lately; `nil` when every folder is read each time.
    let listings: RememberedListings?
    private let noteChanges: @Sendable ([String]) -> Void

    /// Operations on the files of a library.
    ///
    /// `trash` is an existing folder that gets what is deleted; without one it is gone. With `listings` large folders are
    /// read again only when something happened in them. `noteChanges` hears of folders
    /// in which something changed that the library has no row of yet.
    package convenience init(
        library: Library,
        data: DataDirectory? = nil,
        trash: String? = nil,
        packing: PackingLimits = PackingLimits(),
        listings: RememberedListings? = nil,
        threads: BlockingThreads = BlockingThreads(count: 4),
        logger: Logger,
        noteChanges: @escaping @Sendable ([String]) -> Void = { _ in }
    ) {
        self.init(
            library: library,
            own: OwnFolders(data: data, trash: trash, excluded: library.excluded),
            archives: data.map { ArchiveFolder(path: $0[.exports]) },
            packing: packing,
            listings: listings,
            threads: threads,
            files: DiskFileSystem(),
            logger: logger,
            willCommit: {},
            noteChanges: noteChanges
        )
    }

    /// How much may be packed at once.
    package let packing: PackingLimits

    init(
        library: Library,
        own: OwnFolders,
        archives: ArchiveFolder?,
        packing: PackingLimits,
        listings: RememberedListings? = nil,
        threads: BlockingThreads,
        files: any FileSystem,
        logger: Logger,
        willCommit: @escaping @Sendable () throws -> Void,
        noteChanges: @escaping @Sendable ([String]) -> Void
    ) {
        self.library = library
        self.own = own
        self.archives = archives
        self.packing = packing
        self.listings = listings
        self.threads = threads
        self.files = files
        self.logger = logger
        self.noteChanges = noteChanges
        runner = PlanRunner(library: library, files: files, logger: logger, willCommit: willCommit)
    }

    /// Finishes or undoes what the last process left half done, and removes old archives; once, at start, before the
    /// first scan.
    ///
    /// Throws GRDB's `DatabaseError`.
    package func recover() throws {
        try runner.recover()
        archives?.clean(now: library.clock.now)
    }

    // MARK: - Looking

    /// What lies in a folder; throws as ``FileListing/init(folder:policy:remembering:)``.
    package func list(_ folder: String, policy: PathPolicy) async throws -> FileListing {
        try await threads.run { [listings] in try FileListing(folder: folder, policy: policy, remembering: listings) }
    }

    /// What is known of each path, in order.
    ///
    /// Throws ``FileError/forbidden(_:)`` for a path that `policy` does not show, ``FileError/missing(_:)``.
    package func infos(_ paths: [String], policy: PathPolicy) async throws -> [FileInfo] {
        try await threads.run {
            for path in paths where !policy.mayShow(path) { throw FileError.forbidden(path) }
            return try paths.map { path in
                guard let info = FileInfo(path: path, policy: policy) else { throw FileError.missing(path) }
                return info
            }
        }
    }

    /// Whether each path exists and `policy` shows it, in order.
    package func exist(_ paths: [String], policy: PathPolicy) async throws -> [Bool] {
        try await threads.run {
            paths.map { path in policy.mayShow(path) && (try? FolderPath.resolved(path)) != nil }
        }
    }

    // MARK: - For the operations

    /// A file or folder that a client named, as it lies on the disk.
    struct Place {
        /// As the client wrote it.
        var given: String
        /// Where it lies: the folder without links in it, the last name as it is.
        var path: String
        var node: FileNode
    }

    /// What lies at a path, for one who will change it.
    ///
    /// Throws ``FileError/forbidden(_:)``, also when nothing is there; then ``FileError/missing(_:)``.
    func changeable(_ given: String, _ policy: PathPolicy) throws(FileError) -> Place {
        let place = try located(given, policy)
        guard policy.mayChange(resolved: place.path), own.mayChange(place.path) else { throw .forbidden(given) }
        guard let node = place.node else { throw .missing(given) }
        return Place(given: given, path: place.path, node: node)
    }

    /// Where a path lies and what is there; throws ``FileError/forbidden(_:)`` for what may not be read.
    func located(_ given: String, _ policy: PathPolicy) throws(FileError) -> (path: String, node: FileNode?) {
        let location = Self.location(given)
        guard let location, policy.mayRead(resolved: location) else {
            throw .forbidden(given)
        }
        let node = try node(location)
        // A link that leads nowhere may be cleared away by those who may read where it lies.
        if node?.kind == .link, let target = try? FolderPath.resolved(location), !policy.mayRead(resolved: target) {
            throw .forbidden(given)
        }
        return (location, node)
    }

    /// Where a path lies: its folder without links in it, the last name as it is; `nil` as ``PathPolicy/resolved(_:)``.
    static func location(_ given: String) -> String? {
        guard given.utf8.first == UInt8(ascii: "/"), !given.utf8.contains(0) else { return nil }
        let name = FolderPath.name(of: given)
        if name.isEmpty || name == "." || name == ".." { return PathPolicy.resolved(given) }
        return PathPolicy.resolved(FolderPath.folder(of: given)).map { FolderPath.joined($0, name) }
    }

    /// The resolved path of a folder into which something may be put, whether it exists or not.
    ///
    /// Throws ``FileError/forbidden(_:)``.
    func fillable(_ given: String, _ policy: PathPolicy) throws(FileError) -> String {
        guard let real = PathPolicy.resolved(given), policy.mayRead(resolved: real),
            policy.isInLibrary(resolved: real), own.mayFill(real)
        else { throw .forbidden(given) }
        return real
    }

    /// The side-car of what lies at a path, when there is one.
    func sideCar(of path: String) throws(FileError) -> Place? {
        guard let path = SideCar.path(of: path) else { return nil }
        guard let node = try node(path), node.kind == .file || node.kind == .link else { return nil }
        return Place(given: path, path: path, node: node)
    }

    /// Throws ``FileError/exists(_:)`` when something lies at a path.
    func expectNothing(at path: String) throws(FileError) {
        if try node(path) != nil { throw .exists(path) }
    }

    /// What lies at a path, links not followed; `nil` when nothing does.
    ///
    /// Throws ``FileError/system(_:)``, as for a name that is too long.
    func node(_ path: String) throws(FileError) -> FileNode? {
        do {
            return try files.node(path)
        } catch {
            throw .system(error)
        }
    }

    /// Waits until what was done in these folders is on the disk, and tells of it.
    func settle(_ folders: Set<ByteText>) {
        guard !folders.isEmpty else { return }
        let folders = folders.sorted().map(\.text)
        for folder in folders {
            do {
                if try files.node(folder) != nil { try files.flush(folder) }
            } catch {
                logger.warning("a folder could not be flushed", metadata: ["error": "\(error)"])
            }
        }
        noteChanges(folders)
    }
}

/// What became of one path of many.
package struct FileFailure: Error, Hashable, Sendable {
    /// As the client wrote it.
    package var path: String
    package var error: FileError

    /// A failure of one path.
    package init(path: String, error: FileError) {
        self.path = path
        self.error = error
    }
}
