#if os(Linux)
    import Glibc
    import Testing

    @testable import Domain

    struct OwnThreadsTests {
        private func niceness(isPolite: Bool) async throws -> Int32 {
            try await OwnThreads.run("test", isPolite: isPolite, cancel: {}) {
                // On Linux, 0 is the calling thread.
                getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
            }
        }

        @Test("A polite thread is nice by itself, and leaves the others as they are")
        func politeness() async throws {
            let usual = try await niceness(isPolite: false)
            #expect(try await niceness(isPolite: true) == 15)
            #expect(try await niceness(isPolite: false) == usual)
        }
    }
#endif
