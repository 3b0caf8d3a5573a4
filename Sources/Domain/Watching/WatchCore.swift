#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What is watched together with the system calls that it asks for.
///
/// Used under the lock of ``LibraryWatcher``.
struct WatchCore {
    private(set) var state: WatchState
    /// Where events come from; `nil` when the system has no queue to give, and everything is polled.
    private(set) var queue: Inotify?
    /// How many folders could not be watched because the system gave no more watches.
    private(set) var refused = 0
    /// Whether there was a folder that may not be read: of changes in it nobody tells.
    private var isBlind = false
    private let excluded: Set<String>
    private let makeQueue: @Sendable () -> Inotify?
    private let tellsChanges: @Sendable (String) -> Bool
    /// Which folders the roots are: a root's own watch does not tell when a folder above it is moved.
    private var identities: [WatchTree.ID: Identity] = [:]
    private var buffer = [UInt8](repeating: 0, count: 65_536)
    /// How many watches are ended in one go, so that the kernel's notes of it do not fill the queue.
    private static let releases = 512
    /// How many roots are looked at for a search.
    private static let rootsOfSearch = 16

    private struct Identity: Hashable {
        var device: UInt64
        var inode: UInt64

        init?(_ path: String) {
            var status = stat()
            guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
            device = UInt64(truncatingIfNeeded: status.st_dev)
            inode = UInt64(truncatingIfNeeded: status.st_ino)
        }
    }

    init(
        excluded: Set<String>,
        makeQueue: @escaping @Sendable () -> Inotify?,
        tellsChanges: @escaping @Sendable (String) -> Bool
    ) {
        state = WatchState(excluded: excluded)
        self.excluded = excluded
        self.makeQueue = makeQueue
        self.tellsChanges = tellsChanges
        queue = makeQueue()
    }

    mutating func setRoots(_ paths: [String], at now: Milliseconds) { state.setRoots(paths, at: now) }

    mutating func changed(_ folders: [String], at now: Milliseconds) { state.changed(folders, at: now) }

    /// The number of changes, once all events that are there have been taken in; `nil` when some may not have been told, or
    /// roots are too many to look at each.
    ///
    /// Nothing else is done here: a search waits for it. `isNews` says that the thread has something to do now.
    mutating func changeNumber(at now: Milliseconds) -> (number: Int?, isNews: Bool) {
        guard !isBlind, state.tellsAll, state.tree.roots.count <= Self.rootsOfSearch else { return (nil, false) }
        let settles = state.settles
        loseMovedRoots(at: now)
        let isIdle = advance(at: now, visits: 0)
        return (isIdle ? state.changeNumber : nil, !isIdle || settles == nil && state.settles != nil)
    }

    mutating func takeDirty() -> DirtyFolders { state.takeDirty() }

    mutating func takeWritten() -> Set<ByteText> { state.takeWritten() }

    mutating func settle(at now: Milliseconds) -> Bool { state.settle(at: now) }

    /// The folders to be polled.
    var places: [FolderPoller.Place] {
        state.polled.keys.compactMap { id in
            state.tree.path(of: id).map { FolderPoller.Place(id: id, path: $0) }
        }
    }

    /// Takes in all events that are there and does what follows from them, with at most so many visits; answers whether
    /// nothing is left to do.
    mutating func advance(at now: Milliseconds, visits: Int) -> Bool {
        var visits = visits
        let wasComplete = state.isComplete
        while true {
            if drain(now) {
                // Events were lost: finding all folders anew is for the thread, in pieces.
                if wasComplete, !state.isComplete { return false }
                continue
            }
            let released = state.takeReleased(limit: Self.releases)
            for watch in released {
                queue?.end(watch)
                identities[watch] = nil
            }
            if !released.isEmpty { continue }
            guard visits > 0 || !state.hasVisits else { return false }
            guard let (visit, path) = state.nextVisit(at: now) else { return true }
            visits -= 1
            go(visit, path, now)
        }
    }

    /// Takes some events; answers whether there were any.
    private mutating func drain(_ now: Milliseconds) -> Bool {
        guard let events = queue?.read(into: &buffer), !events.isEmpty else { return false }
        for event in events { state.take(event, at: now) }
        if state.mustRestart {
            // A new queue: to end all watches of the old one would fill it again.
            queue = makeQueue()
            identities = [:]
            isBlind = false
            state.restart(at: now)
        }
        return true
    }

    private mutating func go(_ visit: WatchState.Visit, _ path: String, _ now: Milliseconds) {
        guard let identity = Identity(path) else { return miss(visit, now) }
        guard tellsChanges(path) else { return state.poll(visit, because: .remote, at: now) }
        let watch: WatchTree.ID
        do throws(WatchFailure) {
            guard let queue else { throw .refused }
            watch = try queue.watch(path)
        } catch {
            if error == .unreadable { isBlind = true }
            return error == .refused ? refuse(visit, now) : miss(visit, now)
        }
        // One folder that lies in two places (a bind mount) has one watch, which speaks of one of them.
        if let other = state.otherPlace(of: watch, than: visit), Identity(other) == identity {
            return state.poll(visit, because: .remote, at: now)
        }
        guard state.watched(visit, as: watch, at: now) else { return }
        if visit.parent == nil { identities[watch] = identity }
        if let entries = FolderEntries(path: path, digests: false, isExcluded: { _ in false }) {
            state.found(entries.folders, in: watch)
        } else if Identity(path) != nil {
            // It is there: too many files are open, or the disk is broken.
            refuse(visit, now)
        }
    }

    private mutating func miss(_ visit: WatchState.Visit, _ now: Milliseconds) {
        // Of other folders the one above tells when they come.
        if visit.parent == nil { state.poll(visit, because: .missing, at: now) }
    }

    private mutating func refuse(_ visit: WatchState.Visit, _ now: Milliseconds) {
        refused += 1
        state.poll(visit, because: .refused, at: now)
    }

    /// Notices roots whose place is taken by another folder, and those that are back.
    mutating func checkRoots(at now: Milliseconds) {
        state.retry([.missing])
        loseMovedRoots(at: now)
    }

    private mutating func loseMovedRoots(at now: Milliseconds) {
        for (path, id) in state.tree.roots where id >= 0 && Identity(path.text) != identities[id] {
            state.lose(id, at: now)
        }
    }

    /// Tries again to watch what there was no watch for.
    mutating func retryRefused() {
        if queue == nil { queue = makeQueue() }
        if queue != nil { state.retry([.refused]) }
    }
}
