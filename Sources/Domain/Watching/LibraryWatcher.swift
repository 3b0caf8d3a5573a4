package import Logging
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Knows in which folders of the library something changed: the kernel tells (inotify), and where it does not, the
/// folders are looked at from time to time.
///
/// One watch a folder. Names that begin with a dot and excluded folders are left out as scans leave them out, links are
/// not followed. While nothing happens it does nothing but look for its roots once an interval.
package final class LibraryWatcher: ChangeSource {
    /// How a watcher works.
    package struct Configuration: Sendable {
        /// Milliseconds between two looks at folders that are polled.
        package var pollInterval: Milliseconds = 30_000
        /// A clock that never goes back.
        var now: @Sendable () -> Milliseconds = Uptime.now
        /// For tests: where events come from.
        var makeQueue: @Sendable () -> Inotify? = { Inotify() }
        /// For tests: which file systems tell of changes.
        var tellsChanges: @Sendable (String) -> Bool = FileSystemKind.tellsChanges

        package init() {}
    }

    /// How many folders are watched, and how.
    package struct Statistics: Hashable, Sendable {
        /// Folders that the kernel tells of.
        package var watched = 0
        /// Folders that are polled, each with all below it.
        package var polled = 0
        /// Whether all folders have been found.
        package var isComplete = false
    }

    private let roots: @Sendable () throws -> [String]
    private let configuration: Configuration
    private let logger: Logger
    private let onComplete: @Sendable () -> Void
    private let onSettled: @Sendable () -> Void
    private let core: Mutex<WatchCore>
    /// Held while polled folders are looked at, which may take long.
    private let poller: Mutex<FolderPoller>
    private let wake: WakePipe
    private let rootsAreStale = Atomic(true)
    private let isComplete = Atomic(false)
    private let isPolling = Atomic(false)
    private let isStopped = Atomic(false)

    /// How many folders are visited while the lock is held, so that others get their turn.
    private static let visitsAtOnce = 64
    /// After events the thread waits so many milliseconds for more of them.
    private static let nap: Int32 = 20

    /// A watcher of the folders that `roots` answers, absolute and resolved; without `excluded`, absolute paths of folders
    /// and files.
    ///
    /// Both closures are called on the watcher's thread and must return soon: `onComplete` when all folders have been
    /// found for the first time, `onSettled` each time when changes have come to rest. Throws ``SystemError`` when there
    /// is no pipe to be had.
    package init(
        roots: @escaping @Sendable () throws -> [String],
        excluded: Set<String>,
        configuration: Configuration = Configuration(),
        logger: Logger,
        onComplete: @escaping @Sendable () -> Void = {},
        onSettled: @escaping @Sendable () -> Void = {}
    ) throws {
        self.roots = roots
        self.configuration = configuration
        self.logger = logger
        self.onComplete = onComplete
        self.onSettled = onSettled
        core = Mutex(
            WatchCore(
                excluded: excluded,
                makeQueue: configuration.makeQueue,
                tellsChanges: configuration.tellsChanges
            )
        )
        poller = Mutex(FolderPoller(excluded: excluded))
        wake = try WakePipe(for: "watching the library")
    }

    /// Starts the thread that watches; once.
    package func start() {
        OwnThreads.detach("library.watch") { self.run() }
    }

    /// Has the thread end.
    package func stop() {
        isStopped.store(true, ordering: .relaxed)
        wake.wake()
    }

    /// Says that the library has other roots now.
    package func rootsDidChange() {
        rootsAreStale.store(true, ordering: .releasing)
        wake.wake()
    }

    /// How many folders are watched now.
    package var statistics: Statistics {
        core.withLock { core in
            let polled = core.state.polled.count
            return Statistics(
                watched: core.state.tree.count - polled,
                polled: polled,
                isComplete: core.state.isComplete
            )
        }
    }

    // MARK: - ChangeSource

    package func takeDirty() -> DirtyFolders {
        guard flush() else { return .unknown }
        pollPlaces()
        return core.withLock { $0.takeDirty() }
    }

    package func takeWritten() -> Set<ByteText> { core.withLock { $0.takeWritten() } }

    /// What the kernel has told, and polling found, so far.
    package var dirty: DirtyFolders {
        guard flush() else { return .unknown }
        return core.withLock { $0.state.dirty }
    }

    package var changeNumber: Int? {
        guard isComplete.load(ordering: .acquiring), !rootsAreStale.load(ordering: .acquiring) else { return nil }
        // Who has the lock may be visiting folders: a search does not wait for that.
        let answer = core.withLockIfAvailable { core in
            let answer = core.changeNumber(at: configuration.now())
            isComplete.store(core.state.isComplete, ordering: .releasing)
            return answer
        }
        guard let answer else { return nil }
        if answer.isNews { wake.wake() }
        return answer.number
    }

    /// Takes in everything that has happened until now; answers `false` while folders are still being found.
    private func flush() -> Bool {
        guard isComplete.load(ordering: .acquiring) else { return false }
        return core.withLock { core in
            let now = configuration.now()
            refreshRoots(&core, now)
            core.checkRoots(at: now)
            while core.state.isComplete, !core.advance(at: now, visits: .max) {}
            isComplete.store(core.state.isComplete, ordering: .releasing)
            if !core.state.isComplete || core.state.settles != nil { wake.wake() }
            return core.state.isComplete
        }
    }

    private func refreshRoots(_ core: inout WatchCore, _ now: Milliseconds) {
        guard rootsAreStale.exchange(false, ordering: .acquiringAndReleasing) else { return }
        do {
            core.setRoots(try roots(), at: now)
        } catch {
            rootsAreStale.store(true, ordering: .releasing)
            logger.error("the roots of the library could not be read", metadata: ["error": "\(error)"])
        }
    }

    /// Looks at the polled folders.
    private func pollPlaces() {
        guard core.withLock({ !$0.state.polled.isEmpty }) else { return }
        poller.withLock { poller in
            let changed = poller.poll(core.withLock { $0.places })
            guard !changed.isEmpty else { return }
            core.withLock { $0.changed(changed, at: configuration.now()) }
        }
    }

    /// Looks at the polled folders on a thread of its own, for events must not wait for a slow file system.
    private func startPolling() {
        guard core.withLock({ !$0.state.polled.isEmpty }), !isPolling.exchange(true, ordering: .acquiring) else {
            return
        }
        OwnThreads.detach("library.poll") { [self] in
            pollPlaces()
            isPolling.store(false, ordering: .releasing)
            wake.wake()
        }
    }

    /// For tests: runs `body` while no events are taken in.
    func whileNothingIsRead(_ body: () -> Void) {
        core.withLock { _ in body() }
    }

    // MARK: - The thread

    private func run() {
        var nextLook = configuration.now() + configuration.pollInterval
        var hasWarned = false
        var wasComplete = false
        while !isStopped.load(ordering: .relaxed) {
            let now = configuration.now()
            let isTime = nextLook <= now
            if isTime {
                startPolling()
                nextLook = now + configuration.pollInterval
            }
            let (isIdle, isSettled, settles, queue, refused) = core.withLock { core in
                refreshRoots(&core, now)
                if isTime {
                    core.checkRoots(at: now)
                    core.retryRefused()
                }
                let isIdle = core.advance(at: now, visits: Self.visitsAtOnce)
                isComplete.store(core.state.isComplete, ordering: .releasing)
                return (isIdle, core.settle(at: now), core.state.settles, core.queue, core.refused)
            }
            if refused > 0, !hasWarned {
                hasWarned = true
                warn()
            }
            if !wasComplete, isComplete.load(ordering: .acquiring) {
                wasComplete = true
                onComplete()
            }
            if isSettled { onSettled() }
            guard isIdle else { continue }
            let until = min(nextLook, settles ?? nextLook)
            wait(queue, Int32(clamping: max(0, until - configuration.now())))
        }
    }

    /// Waits for events, for a call, or for the time to pass.
    private func wait(_ queue: Inotify?, _ timeout: Int32) {
        var sources = [pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0)]
        // The queue is held here, so its descriptor stays open meanwhile.
        if let queue { sources.append(pollfd(fd: queue.descriptor, events: Int16(POLLIN), revents: 0)) }
        guard poll(&sources, nfds_t(sources.count), timeout) > 0 else { return }
        withExtendedLifetime(queue) {}
        if sources.count > 1, sources[1].revents != 0, sources[0].revents == 0 {
            // What is written is told piece by piece; one look is enough for many pieces.
            _ = poll(&sources, 1, Self.nap)
        }
        if sources[0].revents != 0 { wake.drain() }
    }

    private func warn() {
        logger.warning(
            "the system gives no more inotify watches; the folders without one are polled",
            metadata: ["setting": "fs.inotify.max_user_watches"]
        )
    }
}
