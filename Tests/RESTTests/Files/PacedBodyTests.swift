import Dispatch
import Hummingbird
import NIOCore
import NIOEmbedded
import Testing

@testable import REST

struct PacedBodyTests {
    @Test("The next piece waits until the connection's loop has looked at those before it")
    func pace() async throws {
        let channel = NIOAsyncTestingChannel()
        let busy = DispatchSemaphore(value: 0)
        channel.eventLoop.execute { busy.wait() }
        async let readyTimes = times(channel)
        try await Task.sleep(for: .milliseconds(200))
        let signalled = ContinuousClock.now
        busy.signal()
        let (first, second) = try await readyTimes
        #expect(first < signalled && second > signalled)
    }

    /// When the pieces behind the first and behind the second may be made, where two go ahead.
    private func times(_ channel: any Channel) async throws -> (ContinuousClock.Instant, ContinuousClock.Instant) {
        var body = PacedBody(BodyCollector(), on: channel, ahead: 2)
        try await body.write(ByteBuffer(string: "a"))
        try await body.ready()
        let first = ContinuousClock.now
        try await body.write(ByteBuffer(string: "b"))
        try await body.ready()
        return (first, ContinuousClock.now)
    }
}
