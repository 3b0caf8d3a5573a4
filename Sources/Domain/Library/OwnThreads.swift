import Dispatch
import Foundation

/// Runs work that blocks or fills a core on threads of our own, away from those that everyone's tasks share.
enum OwnThreads {
    /// Runs `body` on a thread of its own and waits for it without holding a thread of Swift's pool.
    ///
    /// When the calling task is cancelled, `cancel` is called at once, on any thread; `body` should then return soon.
    static func run<Value: Sendable>(
        _ label: String,
        cancel: @escaping @Sendable () -> Void,
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
                DispatchQueue(label: label, qos: .utility).async {
                    continuation.resume(with: Result { try body() })
                }
            }
        } onCancel: {
            cancel()
        }
    }

    /// Starts `body` on `count` threads; the group is left when the last has returned.
    static func start(_ label: String, count: Int, in group: DispatchGroup, _ body: @escaping @Sendable () -> Void) {
        for _ in 0..<count {
            DispatchQueue(label: label, qos: .utility).async(group: group, execute: body)
        }
    }

    /// Starts a thread that runs `body` and nobody waits for.
    static func detach(_ label: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread(block: body)
        thread.name = label
        thread.start()
    }
}
