import Synchronization

/// The index of the library's pictures, videos and sounds: what they say of themselves, what people say of them, and
/// how they are found.
///
/// Its calls may wait for the disk; they do so on threads of their own, never on those that everyone's tasks share.
package final class MediaIndex: Sendable {
    /// Has a task run.
    package typealias Submit = @Sendable (TaskRequest) async throws -> Void

    package let library: Library
    /// Threads on which reading and writing the store may block.
    package let threads: BlockingThreads
    /// By which updates become tasks; `nil` runs them on a thread of their own.
    private let submit = Mutex<Submit?>(nil)
    private let afterScan = Mutex<@Sendable () -> Void>({})
    let searcher: MediaSearcher
    let presence = MediaPresence()
    let textIndexer: TextIndexer

    /// An index over a library.
    package init(library: Library, threads: BlockingThreads = BlockingThreads(count: 8)) {
        self.library = library
        self.threads = threads
        searcher = MediaSearcher(store: library.store)
        textIndexer = TextIndexer(store: library.store)
        let passes = library.passes
        passes.whenIndexed { [weak textIndexer] in textIndexer?.wake() }
        library.journal.listen { [weak threads] entry in
            guard case .taskFinished(let record) = entry.event, record.name == "scan" else { return }
            let message = record.error?.message ?? "the scan was cancelled"
            let failure = TaskRecord.Failure(code: record.error?.code ?? "cancelled", message: message)
            // Not inside the journal's lock: that of the passes may be held while a slow disk is looked at.
            threads?.start { passes.gaveUp(record.id, failure) }
        }
    }

    /// Has updates run as tasks, by `submit`; `afterScan` is called when one that was no task has ended well.
    package func connect(_ submit: @escaping Submit, afterScan: @escaping @Sendable () -> Void = {}) {
        self.submit.withLock { $0 = submit }
        self.afterScan.withLock { $0 = afterScan }
    }

    /// What comes after a scan that was no task.
    var followUp: @Sendable () -> Void { afterScan.withLock { $0 } }

    /// What has a task run, once there is such.
    var submitter: Submit? { submit.withLock { $0 } }
}
