import Domain
import Logging
import ServiceLifecycle

/// Takes in what changes in the library's folders, by itself.
struct LibraryWatch: Service {
    private let library: Library
    /// `nil` when the library is not to be watched.
    private let watcher: LibraryWatcher?
    private let threads: BlockingThreads
    private let update: @Sendable () async throws -> Void
    private let complete: AsyncStream<Void>
    private let settled: AsyncStream<Void>
    private let logger = Logger(label: "vitrine.watch")

    /// A service that has `update` take in changes when they have come to rest, one call at a time.
    ///
    /// Throws a `SystemError` when the watcher cannot be made.
    init(
        library: Library,
        threads: BlockingThreads,
        configuration: ServerConfiguration,
        update: @escaping @Sendable () async throws -> Void
    ) throws {
        self.library = library
        self.threads = threads
        self.update = update
        let (complete, completed) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        // What settles while an update runs is one more update.
        let (settled, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.complete = complete
        self.settled = settled
        guard configuration.watches else {
            watcher = nil
            completed.finish()
            continuation.finish()
            return
        }
        var options = LibraryWatcher.Configuration()
        options.pollInterval = configuration.pollInterval
        let watcher = try LibraryWatcher(
            roots: { try library.roots().map(\.path) },
            excluded: library.excluded,
            configuration: options,
            logger: logger,
            onComplete: { completed.finish() },
            onSettled: { continuation.yield() }
        )
        library.whenRootsChange { [weak watcher] in watcher?.rootsDidChange() }
        self.watcher = watcher
    }

    /// Who knows what has changed; `nil` when the library is not watched.
    var source: (any ChangeSource)? { watcher }

    /// Returns when all folders are watched, or after `patience`: what changes later than that need not be looked for.
    func ready(within patience: Duration = .seconds(2)) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in complete {} }
            group.addTask { try? await Task.sleep(for: patience) }
            await group.next()
            group.cancelAll()
        }
    }

    func run() async throws {
        await finishRemovals()
        watcher?.start()
        for await _ in settled.cancelOnGracefulShutdown() {
            do {
                try await cancelWhenGracefulShutdown { try await update() }
            } catch is CancellationError {
                // The task was cancelled by someone, or the server is about to end.
            } catch TaskError.shuttingDown {
                // The next start looks at everything.
            } catch {
                logger.error("changes in the library could not be taken in", metadata: ["error": "\(error)"])
            }
        }
        try? await gracefulShutdown()
        watcher?.stop()
    }

    /// Removes what the end of the process left of folders that are no part of the library any more.
    private func finishRemovals() async {
        do {
            try await threads.run { [library] in try library.finishRemovals() }
        } catch {
            logger.error("folders could not be removed from the library", metadata: ["error": "\(error)"])
        }
    }
}
