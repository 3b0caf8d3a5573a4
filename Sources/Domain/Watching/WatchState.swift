/// What is watched and what has changed, without any system call.
///
/// It is fed with the events of the watched folders and says what is to be done next: folders to visit (watch them, then
/// list what lies below) and watches to end. A folder is watched before it is listed and before it counts as changed.
/// So whatever happens in it is either told, or there when somebody looks at the changed folder.
struct WatchState: Sendable {
    /// A folder to be watched.
    struct Visit: Hashable, Sendable {
        /// The folder above it; `nil` for a root.
        var parent: WatchTree.ID?
        /// Its name in the folder above; of a root the path.
        var name: String
    }

    /// Why a folder is looked at from time to time instead of being watched.
    enum Polling: Hashable, Sendable {
        /// Its file system does not tell of changes.
        case remote
        /// There was no watch to be had.
        case refused
        /// It is a root that is not there.
        case missing
    }

    private(set) var tree = WatchTree()
    private(set) var log = DirtyLog()
    private var written = WrittenFiles()
    /// The folders that are polled, with all below them.
    private(set) var polled: [WatchTree.ID: Polling] = [:]
    /// Whether all folders have been visited once since the start, or since events were lost.
    private(set) var isComplete = false
    /// Whether events were lost: all watches are to be ended, then ``restart(at:)``.
    ///
    /// Until then events say nothing.
    private(set) var mustRestart = false
    private var visits: [Visit] = []
    private var released: Set<WatchTree.ID> = []
    private var lastPolled: WatchTree.ID = -1
    private let excluded: Set<ByteText>
    private let excludedNames: Set<ByteText>

    /// A state without roots; `excluded` are absolute paths of folders and files that are left out.
    init(excluded: Set<String>) {
        self.excluded = Set(excluded.map { ByteText($0) })
        excludedNames = Set(excluded.compactMap { $0.split(separator: "/").last.map { ByteText(String($0)) } })
    }

    // MARK: - Roots

    /// Says which folders are to be watched, with all below them; absolute, resolved, none inside another.
    mutating func setRoots(_ paths: [String], at now: Milliseconds) {
        let wanted = Set(paths.map { ByteText($0) })
        let gone = tree.roots.filter { !wanted.contains($0.key) }
        for id in gone.values { release(id) }
        visits.removeAll { $0.parent == nil && !wanted.contains(ByteText($0.name)) }
        let waiting = Set(visits.filter { $0.parent == nil }.map { ByteText($0.name) })
        for path in paths where tree.child(path, of: nil) == nil && !waiting.contains(ByteText(path)) {
            visits.append(Visit(parent: nil, name: path))
        }
        if !gone.isEmpty { log.keep { folder in paths.contains { FolderPath.relative(folder, to: $0) != nil } } }
    }

    /// Begins again without any watch; until all is visited, everything may have changed.
    mutating func restart(at now: Milliseconds) {
        let paths = tree.roots.keys.map(\.text) + visits.filter { $0.parent == nil }.map(\.name)
        tree = WatchTree()
        (polled, released, visits) = ([:], [], [])
        (isComplete, mustRestart) = (false, false)
        log.insertAll(at: now)
        setRoots(paths, at: now)
    }

    // MARK: - Events

    /// Takes in an event.
    mutating func take(_ event: WatchEvent, at now: Milliseconds) {
        if event.kind == .overflow { mustRestart = true }
        // Events of watches that have been ended are still on their way for a while.
        guard !mustRestart, let path = tree.path(of: event.watch) else { return }
        guard let name = event.name else { return take(event.kind, ofFolder: event.watch, path, now) }
        guard !isLeftOut(name, in: path) else { return }
        log.insert(path, at: now)
        guard event.isFolder else {
            if event.kind == .written { written.insert(FolderPath.joined(path, name)) }
            return
        }
        let child = tree.child(name, of: event.watch)
        switch event.kind {
        case .appeared: visits.append(Visit(parent: event.watch, name: name))
        case .vanished: if let child { release(child) }
        case .changed:
            // Now it may be one that can be read.
            guard let child else { return visits.append(Visit(parent: event.watch, name: name)) }
            if let path = tree.path(of: child) { log.insert(path, at: now) }
        case .written, .moved, .ended, .overflow: break
        }
    }

    private mutating func take(_ kind: WatchEvent.Kind, ofFolder id: WatchTree.ID, _ path: String, _ now: Milliseconds)
    {
        switch kind {
        case .changed: log.insert(path, at: now)
        case .ended: lose(id, at: now)
        // Of other folders the one above tells that they moved.
        case .moved: if tree.place(of: id)?.parent == nil { lose(id, at: now) }
        case .written, .appeared, .vanished, .overflow: break
        }
    }

    private func isLeftOut(_ name: String, in path: String) -> Bool {
        if name.utf8.first == UInt8(ascii: ".") { return true }
        return excludedNames.contains(ByteText(name)) && excluded.contains(ByteText(FolderPath.joined(path, name)))
    }

    /// A folder is no longer what it was: it is visited anew, in case there is another in its place.
    mutating func lose(_ id: WatchTree.ID, at now: Milliseconds) {
        guard let place = tree.place(of: id), let path = tree.path(of: id) else { return }
        log.insert(path, at: now)
        if let parent = place.parent, let above = tree.path(of: parent) { log.insert(above, at: now) }
        release(id)
        visits.append(Visit(parent: place.parent, name: place.name))
    }

    private mutating func release(_ id: WatchTree.ID) {
        for id in tree.remove(id) {
            if id < 0 { polled[id] = nil } else { released.insert(id) }
        }
    }

    // MARK: - What is to be done

    /// Takes some of the watches that are to be ended.
    mutating func takeReleased(limit: Int) -> [WatchTree.ID] {
        let taken = Array(released.prefix(limit))
        released.subtract(taken)
        return taken
    }

    /// The next folder to visit, with its path; without any the state is complete.
    mutating func nextVisit(at now: Milliseconds) -> (visit: Visit, path: String)? {
        while let visit = visits.popLast() {
            guard let parent = visit.parent else { return (visit, visit.name) }
            guard let above = tree.path(of: parent), !isLeftOut(visit.name, in: above) else { continue }
            return (visit, FolderPath.joined(above, visit.name))
        }
        if !isComplete {
            isComplete = true
            log.insertAll(at: now)
        }
        return nil
    }

    /// Where a watched folder is known to lie, if that is another place than that of `visit`.
    func otherPlace(of watch: WatchTree.ID, than visit: Visit) -> String? {
        guard let place = tree.place(of: watch),
            place.parent != visit.parent || !place.name.utf8.elementsEqual(visit.name.utf8)
        else { return nil }
        return tree.path(of: watch)
    }

    /// The folder is watched; answers whether the folders in it are to be found.
    mutating func watched(_ visit: Visit, as watch: WatchTree.ID, at now: Milliseconds) -> Bool {
        released.remove(watch)
        if tree.child(visit.name, of: visit.parent) == watch { return false }
        // Known elsewhere: it moved, and the events that say so are on their way.
        release(watch)
        released.remove(watch)
        if let other = tree.child(visit.name, of: visit.parent) { release(other) }
        guard tree.insert(watch, visit.name, in: visit.parent) else {
            released.insert(watch)
            return false
        }
        if let path = tree.path(of: watch) { log.insert(path, at: now) }
        return true
    }

    /// These folders lie in a watched one.
    mutating func found(_ folders: [String], in watch: WatchTree.ID) {
        for name in folders { visits.append(Visit(parent: watch, name: name)) }
    }

    /// The folder cannot be watched, but it can be polled.
    mutating func poll(_ visit: Visit, because reason: Polling, at now: Milliseconds) {
        if let present = tree.child(visit.name, of: visit.parent) {
            guard polled[present] == nil else { return polled[present] = reason }
            release(present)
        }
        lastPolled -= 1
        guard tree.insert(lastPolled, visit.name, in: visit.parent) else { return }
        polled[lastPolled] = reason
        if let path = tree.path(of: lastPolled) { log.insert(path, at: now) }
    }

    /// Tries again to watch what is polled for one of these reasons.
    mutating func retry(_ reasons: Set<Polling>) {
        for (id, reason) in polled where reasons.contains(reason) {
            if let place = tree.place(of: id) { visits.append(Visit(parent: place.parent, name: place.name)) }
        }
    }

    // MARK: - What has changed

    /// Polling found changes in folders.
    mutating func changed(_ folders: [String], at now: Milliseconds) {
        for folder in folders { log.insert(folder, at: now) }
    }

    /// What changed; as long as not everything is watched, that is not known.
    var dirty: DirtyFolders { isComplete && !mustRestart ? log.changes : .unknown }

    /// How many changes came; `nil` as long as some may not have been told: folders wait to be visited, or are polled.
    var changeNumber: Int? {
        isComplete && !mustRestart && visits.isEmpty && tellsAll ? log.count : nil
    }

    /// Whether no folder is polled but roots that are not there, below which nothing changes.
    var tellsAll: Bool { polled.values.allSatisfy { $0 == .missing } }

    /// Whether folders wait to be visited.
    var hasVisits: Bool { !visits.isEmpty }

    /// Hands over what changed.
    mutating func takeDirty() -> DirtyFolders { isComplete && !mustRestart ? log.take() : .unknown }

    /// Hands over which files were open for writing.
    mutating func takeWritten() -> Set<ByteText> { written.take() }

    /// When the changes will have settled.
    var settles: Milliseconds? { isComplete ? log.settles : nil }

    /// Whether changes have settled since the last call that said so.
    mutating func settle(at now: Milliseconds) -> Bool { isComplete && log.settle(at: now) }
}
