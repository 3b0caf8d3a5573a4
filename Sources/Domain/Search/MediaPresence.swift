import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Tells whether found files are still on the disk, at the price of one look a folder.
///
/// A file that was there stays there as long as its folder is the same and was not modified. So what was seen is
/// remembered with the folder's identity and time, unless that time is so recent that a further change might not
/// move it.
final class MediaPresence: Sendable {
    /// How many files are remembered.
    private static let limit = 250_000
    /// The coarsest time stamps of file systems.
    private static let timeGrain = 2_000_000_000

    private struct Identity: Hashable {
        var device: UInt64
        var inode: UInt64
        var modified: Int

        init?(folder: String) {
            var status = stat()
            guard stat(folder, &status) == 0 else { return nil }
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
            modified = status.modified
        }
    }

    private struct Folder {
        var identity: Identity
        var files: Set<Int> = []
    }

    private struct State {
        var folders: [Int: Folder] = [:]
        var count = 0
        /// When folders were last told of.
        var told: [String: ContinuousClock.Instant] = [:]
    }

    private let state = Mutex(State())

    /// Whether each file is still there, and the folders from which some are gone; blocks for the disk.
    func check(_ found: [FoundMedia]) -> (isPresent: [Bool], changed: [String]) {
        var places: [Int: [Int]] = [:]
        for (place, media) in found.enumerated() { places[media.directory, default: []].append(place) }
        var isPresent = [Bool](repeating: true, count: found.count)
        var changed: [String] = []
        for (directory, places) in places {
            let folder = Self.folder(of: found[places[0]].path)
            let gone = check(directory, folder, places.map { found[$0] })
            guard !gone.isEmpty else { continue }
            if isNews(folder) { changed.append(folder) }
            for place in places where gone.contains(found[place].key.id) { isPresent[place] = false }
        }
        return (isPresent, changed)
    }

    /// The ids of the files of one folder that are gone.
    private func check(_ directory: Int, _ folder: String, _ found: [FoundMedia]) -> Set<Int> {
        let identity = Identity(folder: folder)
        let unknown = state.withLock { state -> [FoundMedia] in
            guard let known = state.folders[directory], known.identity == identity else { return found }
            return found.filter { !known.files.contains($0.key.id) }
        }
        guard !unknown.isEmpty else { return [] }
        var gone: Set<Int> = []
        for media in unknown {
            var status = stat()
            if lstat(media.path, &status) != 0, errno == ENOENT || errno == ENOTDIR { gone.insert(media.key.id) }
        }
        if let identity, Self.isSettled(identity.modified) {
            remember(directory, identity, unknown.lazy.map(\.key.id).filter { !gone.contains($0) })
        }
        return gone
    }

    /// Whether a folder was not told of lately: on a disk that is away files are missing at every search.
    private func isNews(_ folder: String) -> Bool {
        let now = ContinuousClock.now
        return state.withLock { state in
            if let last = state.told[folder], now - last < .seconds(60) { return false }
            if state.told.count >= 10_000 { state.told = [:] }
            state.told[folder] = now
            return true
        }
    }

    private func remember(_ directory: Int, _ identity: Identity, _ files: some Sequence<Int>) {
        state.withLock { state in
            if state.count > Self.limit { state = State() }
            var folder = state.folders.removeValue(forKey: directory) ?? Folder(identity: identity)
            if folder.identity != identity {
                state.count -= folder.files.count
                folder = Folder(identity: identity)
            }
            let before = folder.files.count
            folder.files.formUnion(files)
            state.count += folder.files.count - before
            state.folders[directory] = folder
        }
    }

    private static func isSettled(_ modified: Int) -> Bool {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        // A time past 2262 wraps around (``stat/modified``): it must not trap, and counts as not settled.
        let (age, isWrapped) = (now.tv_sec * 1_000_000_000 + now.tv_nsec).subtractingReportingOverflow(modified)
        return !isWrapped && age > timeGrain
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}
