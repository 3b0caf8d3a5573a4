import Domain
import Logging
import Synchronization

/// What comes after a scan: thumbnails of what is new.
final class FollowUp: Sendable {
    private let engine = Mutex<TaskEngine?>(nil)
    private let journal: Journal
    private let logger = Logger(label: "vitrine.tasks")

    init(journal: Journal) {
        self.journal = journal
    }

    /// Names the engine, which needs the kinds before it can exist.
    func connect(_ engine: TaskEngine) {
        self.engine.withLock { $0 = engine }
    }

    /// Submits a task `thumbnails`, unless one waits already; returns at once.
    @Sendable func submitThumbnails() {
        guard let engine = engine.withLock({ $0 }) else { return }
        let isWaiting = journal.read { state in
            state.tasks.snapshot.tasks.contains { $0.name == "thumbnails" && $0.state == .queued }
        }
        guard !isWaiting else { return }
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
