#if os(Linux)
    import Glibc
    import Synchronization
    import Testing

    @testable import Domain

    struct OwnThreadsTests {
        private func niceness(isPolite: Bool) async throws -> Int32 {
            try await OwnThreads.run("test", isPolite: isPolite, cancel: {}) { Self.niceness }
        }

        /// On Linux, 0 is the calling thread.
        private static var niceness: Int32 { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }

        /// Notes how nice those are who give it work, and does the work elsewhere.
        private final class Recorder: TaskExecutor {
            let seen = Mutex<Set<Int32>>([])

            func enqueue(_ job: consuming ExecutorJob) {
                let niceness = OwnThreadsTests.niceness
                seen.withLock { _ = $0.insert(niceness) }
                let job = UnownedJob(job)
                OwnThreads.detach("recorder") { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
            }
        }

        @Test("A polite thread is nice by itself, and leaves the others as they are")
        func politeness() async throws {
            let usual = try await niceness(isPolite: false)
            #expect(try await niceness(isPolite: true) == 15)
            #expect(try await niceness(isPolite: false) == usual)
        }

        @Test("No polite thread wakes who waits for it, because the threads that it made would be as nice")
        func waking() async throws {
            let recorder = Recorder()
            let nice = try await withTaskExecutorPreference(recorder) { try await niceness(isPolite: true) }
            #expect(nice == 15)
            let seen = recorder.seen.withLock { $0 }
            #expect(!seen.isEmpty && !seen.contains(15))
        }
    }
#endif
