import Dispatch
import Hummingbird
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import REST

@Suite(.timeLimit(.minutes(5))) struct PacedBodyTests {
    /// Whether the connection's loop has been let go.
    private final class Loop: Sendable {
        let isFree = Mutex(false)
    }

    @Test("The next piece waits until the connection's loop has looked at those before it")
    func pace() async throws {
        let channel = NIOAsyncTestingChannel()
        let busy = DispatchSemaphore(value: 0)
        channel.eventLoop.execute { busy.wait() }
        let loop = Loop()
        let (written, piece) = AsyncStream.makeStream(of: Void.self)
        async let wasFree = readiness(channel, loop, written: { piece.yield() })
        var pieces = written.makeAsyncIterator()
        for _ in 0..<2 { await pieces.next() }
        // A writer that does not wait has the time to go on.
        try await Task.sleep(for: .milliseconds(200))
        loop.isFree.withLock { $0 = true }
        busy.signal()
        #expect(try await wasFree == [false, true])
    }

    /// Whether the loop was free when the pieces behind the first and behind the second could be made, where two go
    /// ahead.
    private func readiness(_ channel: any Channel, _ loop: Loop, written: () -> Void) async throws -> [Bool] {
        var body = PacedBody(BodyCollector(), on: channel, ahead: 2)
        var wasFree: [Bool] = []
        for text in ["a", "b"] {
            try await body.write(ByteBuffer(string: text))
            written()
            try await body.ready()
            wasFree.append(loop.isFree.withLock { $0 })
        }
        return wasFree
    }
}
