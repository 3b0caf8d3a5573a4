import Domain
import Logging
import Synchronization

/// What comes after a scan: thumbnails of what is new.
final class FollowUp: Sendable {
    private let engine = Mutex<TaskEngine?>(nil)
    private let library: Library
    private let renderer: PictureRenderer
    private let logger = Logger(label: "vitrine.tasks")

    init(library: Library, renderer: PictureRenderer) {
        self.library = library
        self.renderer = renderer
    }

    /// Names the engine, which needs the kinds before it can exist.
    func connect(_ engine: TaskEngine) {
        self.engine.withLock { $0 = engine }
    }

    /// Submits a task `thumbnails` when some are wanted and no such task waits already.
    @Sendable func submitThumbnails() {
        guard let engine = engine.withLock({ $0 }) else { return }
        let isWaiting = library.journal.read { state in
            // One that makes a single thumbnail anew does not count.
            state.tasks.hasUnfinished {
                $0.name == "thumbnails" && $0.state == .queued && $0.params["sha256"] == nil
            }
        }
        let wanted: Int
        do {
            if renderer.ffmpeg != nil { try library.store.wantUnsupportedThumbnails() }
            wanted = try library.store.thumbnailsWanted()
        } catch {
            return logger.error("the store could not be read", metadata: ["error": "\(error)"])
        }
        guard !isWaiting, wanted > 0 else { return }
        Task { [logger] in
            do {
                _ = try await engine.submit(TaskRequest(name: "thumbnails"))
            } catch TaskError.shuttingDown {
                // The next start scans again.
            } catch {
                logger.error("thumbnails could not be queued", metadata: ["error": "\(error)"])
            }
        }
    }
}
