import Synchronization

/// Does a thing once for everyone who wants it at the same time.
final class SingleFlight<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let waiting: Mutex<[Key: [CheckedContinuation<Value?, any Error>]]> = Mutex([:])

    /// Runs `body`, or waits for the run that is under way for this key, and returns or throws what comes of it.
    func run(_ key: Key, _ body: @Sendable () async throws -> Value) async throws -> Value {
        let isFirst = waiting.withLock { waiting in
            guard waiting[key] == nil else { return false }
            waiting[key] = []
            return true
        }
        guard isFirst else { return try await join(key, body) }
        let result: Result<Value, any Error>
        do {
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        for continuation in waiting.withLock({ $0.removeValue(forKey: key) }) ?? [] {
            continuation.resume(with: result.map(Optional.some))
        }
        return try result.get()
    }

    /// How many wait for a run of this key.
    func waiters(_ key: Key) -> Int { waiting.withLock { $0[key]?.count ?? 0 } }

    private func join(_ key: Key, _ body: @Sendable () async throws -> Value) async throws -> Value {
        let value: Value? = try await withCheckedThrowingContinuation { continuation in
            let isJoined = waiting.withLock { waiting in
                guard waiting[key] != nil else { return false }
                waiting[key]?.append(continuation)
                return true
            }
            if !isJoined { continuation.resume(returning: nil) }
        }
        if let value { return value }
        return try await run(key, body)
    }
}
