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
/// move it. Where the kernel tells of all changes, and has told of none since, even that look is left out for a while.
final class MediaPresence: Sendable {
    /// How many files are remembered.
    private static let limit = 250_000
    /// The coarsest time stamps of file systems.
    private static let timeGrain = 2_000_000_000
    /// How long nothing that was told stands for nothing that happened: there are changes of which no kernel tells, such
    /// as another file system mounted in the place of a folder.
    private static let trust: Duration = .seconds(2)

    private struct Identity: Hashable {
        var device: UInt64
        var inode: UInt64
        var modified: Int

        /// The folder that a file lies in; `nil` when it is not there.
        init?(folderOf path: String) {
            var path = path
            let found = path.withUTF8 { path -> stat? in
                guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return nil }
                let end = max(1, slash)
                // In one piece of the stack instead of a text of its own: a page has as many folders as files.
                return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: end + 1) { folder in
                    for index in 0..<end { folder.initializeElement(at: index, to: path[index]) }
                    folder.initializeElement(at: end, to: 0)
                    guard let start = folder.baseAddress else { return nil }
                    return start.withMemoryRebound(to: CChar.self, capacity: end + 1) { folder in
                        var status = stat()
                        return stat(folder, &status) == 0 ? status : nil
                    }
                }
            }
            guard let found else { return nil }
            device = UInt64(found.st_dev)
            inode = UInt64(found.st_ino)
            modified = found.modified
        }
    }

    private struct Folder {
        var identity: Identity
        var files: Set<Int> = []
        /// A moment at or after which the folder was found to be this one, unmodified.
        var seen: ContinuousClock.Instant
        /// The number of the last change that was told before that; `nil` when not all of them are told.
        var change: Int?

        /// Whether it need not be looked at for one who began at `since` and then learnt the number of the last change.
        func holds(_ since: ContinuousClock.Instant, _ number: Int?) -> Bool {
            seen >= since || number != nil && number == change && since - seen < MediaPresence.trust
        }

        /// Adds files that are there; answers how many of them are new.
        mutating func add(_ ids: some Sequence<Int>) -> Int {
            let before = files.count
            files.formUnion(ids)
            return files.count - before
        }
    }

    private struct State {
        var folders: [Int: Folder] = [:]
        var count = 0
        /// When folders were last told of.
        var told: [String: ContinuousClock.Instant] = [:]
    }

    private let state = Mutex(State())

    /// One folder of a page.
    private struct Look {
        var directory: Int
        /// The place in the page of one of its files.
        var first: Int
        var identity: Identity?
        /// Whether its identity was looked up for this page.
        var isFresh = false
        /// What is known to be there, when the folder is as it was.
        var known: Set<Int> = []
        /// The places in the page of what is not known.
        var unknown: [Int] = []
        /// The places in the page of what is gone.
        var gone: [Int] = []
    }

    /// Whether each file is still there, and the folders from which some are gone; blocks for the disk.
    ///
    /// The answer holds for some moment after `since`, which is when whoever asks began: what another one saw on the
    /// disk after that need not be looked at again. `change` is the number of the last change on the disk
    /// (``ChangeSource/changeNumber``), learnt after the files were found. The lock is held twice at most, however many folders there are:
    /// every search comes through here.
    func check(
        _ found: [FoundMedia],
        since: ContinuousClock.Instant = .now,
        change: Int? = nil
    ) -> (isPresent: [Bool], changed: [String]) {
        var looks: [Look] = []
        var numbers: [Int: Int] = [:]
        let lookOf = found.indices.map { place in
            let directory = found[place].directory
            if let number = numbers[directory] { return number }
            numbers[directory] = looks.count
            looks.append(Look(directory: directory, first: place))
            return looks.count - 1
        }
        let known = state.withLock { state in looks.map { state.folders[$0.directory] } }
        let now = ContinuousClock.now
        for index in looks.indices {
            if let folder = known[index], folder.holds(since, change) {
                looks[index].identity = folder.identity
            } else {
                looks[index].identity = Identity(folderOf: found[looks[index].first].path)
                looks[index].isFresh = true
            }
            if let folder = known[index], folder.identity == looks[index].identity { looks[index].known = folder.files }
        }
        var isPresent = [Bool](repeating: true, count: found.count)
        var isKnown = true
        for (place, media) in found.enumerated() where !looks[lookOf[place]].known.contains(media.key.id) {
            looks[lookOf[place]].unknown.append(place)
            isKnown = false
        }
        guard !isKnown || looks.contains(where: \.isFresh) else { return (isPresent, []) }
        var changed: [String] = []
        for index in looks.indices where !looks[index].unknown.isEmpty {
            looks[index].known = []
            looks[index].gone = looks[index].unknown.filter { Self.isGone(found[$0].path) }
            for place in looks[index].gone { isPresent[place] = false }
            guard let first = looks[index].gone.first else { continue }
            let folder = Self.folder(of: found[first].path)
            if isNews(folder) { changed.append(folder) }
        }
        remember(looks, found, at: now, change)
        return (isPresent, changed)
    }

    private static func isGone(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) != 0 && (errno == ENOENT || errno == ENOTDIR)
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

    /// Remembers what was seen of folders that were looked at from `now` on, after the change of this number.
    private func remember(_ looks: [Look], _ found: [FoundMedia], at now: ContinuousClock.Instant, _ change: Int?) {
        state.withLock { state in
            for look in looks where look.isFresh || !look.unknown.isEmpty {
                let isSame = look.identity != nil && state.folders[look.directory]?.identity == look.identity
                // What was taken from another's look stands for nothing when that is forgotten by now.
                guard isSame || look.isFresh else { continue }
                if !isSame {
                    state.count -= state.folders.removeValue(forKey: look.directory)?.files.count ?? 0
                    guard let identity = look.identity, Self.isSettled(identity.modified) else { continue }
                    state.folders[look.directory] = Folder(identity: identity, seen: now, change: change)
                } else if look.isFresh {
                    state.folders[look.directory]?.seen = now
                    state.folders[look.directory]?.change = change
                }
                guard !look.unknown.isEmpty else { continue }
                let gone = Set(look.gone)
                let here = look.unknown.lazy.filter { !gone.contains($0) }.map { found[$0].key.id }
                state.count += state.folders[look.directory]?.add(here) ?? 0
            }
            if state.count > Self.limit { state = State() }
        }
    }

    private static func isSettled(_ modified: Int) -> Bool {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        // A time that is yet to come is not settled; one of long ago must not trap.
        let (age, isLong) = FileTime.number(now).subtractingReportingOverflow(modified)
        return isLong || age > timeGrain
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}
