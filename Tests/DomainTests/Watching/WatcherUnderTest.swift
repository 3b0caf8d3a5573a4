import Foundation
import Logging
import Synchronization

@testable import Domain

/// A watcher of real folders, whose time stands until a test moves it.
final class WatcherUnderTest: Sendable {
    let watcher: LibraryWatcher
    private let settled = Counter()
    private let world: World

    /// What the watcher asks.
    private final class World: Sendable {
        let roots: Mutex<[String]>
        let time = Mutex<Milliseconds>(0)

        init(_ paths: [String]) { roots = Mutex(paths) }
    }

    /// Starts a watcher and returns when it has found all folders.
    init(
        _ paths: [String],
        excluded: Set<String> = [],
        queue: @escaping @Sendable () -> Inotify? = { Inotify() },
        tellsChanges: @escaping @Sendable (String) -> Bool = { _ in true }
    ) throws {
        let world = World(paths)
        self.world = world
        var configuration = LibraryWatcher.Configuration()
        configuration.pollInterval = 60_000
        configuration.now = { world.time.withLock { $0 } }
        configuration.makeQueue = queue
        configuration.tellsChanges = tellsChanges
        watcher = try LibraryWatcher(
            roots: { world.roots.withLock { $0 } },
            excluded: excluded,
            configuration: configuration,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            onSettled: { [settled] in _ = settled.next() }
        )
        watcher.start()
        try wait { self.watcher.statistics.isComplete }
    }

    deinit { watcher.stop() }

    func setRoots(_ paths: [String]) {
        world.roots.withLock { $0 = paths }
        watcher.rootsDidChange()
    }

    /// Moves the time on and has the watcher's thread look at it.
    func advance(_ milliseconds: Milliseconds) {
        world.time.withLock { $0 += milliseconds }
        watcher.rootsDidChange()
    }

    /// How often changes came to rest.
    var settledCount: Int { settled.value }

    struct TookTooLong: Error {}

    /// Returns when a condition holds; throws when it does not within two minutes.
    func wait(_ condition: () -> Bool) throws {
        let end = ContinuousClock.now + .seconds(120)
        while !condition() {
            guard ContinuousClock.now < end else { throw TookTooLong() }
            sched_yield()
        }
    }
}
