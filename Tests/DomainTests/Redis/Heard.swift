/// What handlers were told on any thread, one after the other; a test that waits in vain ends by its time limit.
final class Heard<Value: Sendable>: Sendable {
    private let stream: AsyncStream<Value>
    private let continuation: AsyncStream<Value>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func tell(_ value: Value) { continuation.yield(value) }

    /// The next value; waits for it.
    func next() async throws -> Value {
        for await value in stream { return value }
        throw CancellationError()
    }

    /// The next value that `isWanted`; those before it are dropped.
    func first(where isWanted: (Value) -> Bool) async throws -> Value {
        while true {
            let value = try await next()
            if isWanted(value) { return value }
        }
    }
}
