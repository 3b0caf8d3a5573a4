import Testing

@testable import Domain

struct PassCallerTests {
    private struct Refused: Error {}

    @Test("Who waits hears the first answer, whether it came before or after")
    func answers() async throws {
        let early = PassCaller()
        early.answer(.success(()))
        early.answer(.failure(Refused()))
        try await withCheckedThrowingContinuation { early.wait($0) }
        let late = PassCaller()
        await #expect(throws: Refused.self) {
            try await withCheckedThrowingContinuation { continuation in
                late.wait(continuation)
                late.answer(.failure(Refused()))
                late.answer(.success(()))
            }
        }
    }

    @Test("Whoever is cancelled while a scan is queued that never begins goes on at once")
    func cancelled() async throws {
        let index = try IndexUnderTest()
        try index.write(TestPicture.png(8, 8), "a.png")
        let isSubmitted = AsyncStream<Void>.makeStream()
        index.index.connect({ _ in isSubmitted.continuation.yield() }, afterScan: {})
        let update = Task { try await index.index.update() }
        for await _ in isSubmitted.stream { break }
        update.cancel()
        await #expect(throws: CancellationError.self) { try await update.value }
    }
}
