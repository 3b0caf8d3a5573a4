import CGlibc
import Dispatch
import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Runs work that blocks or fills a core on threads of our own, away from those that everyone's tasks share.
enum OwnThreads {
    /// Runs `body` on a thread of its own and waits for it without holding a thread of Swift's pool.
    ///
    /// When the calling task is cancelled, `cancel` is called at once, on any thread; `body` should then return soon.
    /// A polite thread gives way to those that answer requests. It wakes none of them itself: the threads of Swift's pool
    /// are made by whoever gives them work, and a thread inherits the niceness of the one that makes it.
    static func run<Value: Sendable>(
        _ label: String,
        isPolite: Bool = false,
        cancel: @escaping @Sendable () -> Void,
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
                detach(label) {
                    continuation.resume(with: isPolite ? politely(label, body) : Result { try body() })
                }
            }
        } onCancel: {
            cancel()
        }
    }

    /// Runs `body` on a polite thread and waits for it.
    private static func politely<Value: Sendable>(
        _ label: String,
        _ body: @escaping @Sendable () throws -> Value
    ) -> Result<Value, any Error> {
        let result = Mutex<Result<Value, any Error>?>(nil)
        let group = DispatchGroup()
        start(label, count: 1, isPolite: true, in: group) {
            let value = Result { try body() }
            result.withLock { $0 = value }
        }
        group.wait()
        return result.withLock { $0 } ?? .failure(CancellationError())
    }

    /// Starts `body` on `count` threads; the group is left when the last has returned.
    static func start(
        _ label: String,
        count: Int,
        isPolite: Bool = false,
        in group: DispatchGroup,
        _ body: @escaping @Sendable () -> Void
    ) {
        for number in 0..<count {
            group.enter()
            detach("\(label).\(number)") {
                if isPolite { giveWay() }
                body()
                group.leave()
            }
        }
    }

    /// Starts a thread that runs `body` and nobody waits for.
    static func detach(_ label: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread(block: body)
        thread.name = label
        thread.start()
    }

    /// How often the calling thread has waited for something other than a processor; always 0 where nobody counts.
    static var waits: Int {
        #if canImport(Glibc)
            // RUSAGE_THREAD, which glibc names only for programs that ask for GNU extensions.
            let thread = __rusage_who_t(1)
            var usage = rusage()
            return getrusage(thread, &usage) == 0 ? usage.ru_nvcsw : 0
        #else
            return 0
        #endif
    }

    /// Makes the calling thread run behind all others, for good: only for threads of our own.
    ///
    /// It gets a small share when others want the processor too, and not none, because it may hold for a moment what they
    /// wait for, such as the lock of an allocation. Linux lets a thread run on for the rest of its slice when another one
    /// wakes, as a rule for some milliseconds, so its slice is short.
    static func giveWay() {
        #if canImport(Glibc)
            // On Linux a thread has a niceness of its own. When it cannot be set, the work is only less polite.
            if cglibc_schedule_self(niceness, slice) != 0 {
                _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(gettid()), niceness)
            }
        #endif
    }

    private static let niceness: Int32 = 15
    /// Nanoseconds; kernels before 6.12 have one slice for all.
    private static let slice: UInt64 = 500_000
}
