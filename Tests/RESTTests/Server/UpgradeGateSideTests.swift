import NIOCore
import NIOEmbedded
import Testing

@testable import REST

@Suite struct UpgradeGateSideTests {
    @Test func `a connection taken over at its first request never has a router's side`() throws {
        let gate = try GateHarness()
        try gate.receive(LiveServerTests.upgrade + "first")
        #expect(gate.router.isTakenOver)
        #expect(!gate.router.isOpen)
        #expect(gate.router.isClosed)
        #expect(try gate.sent().hasSuffix("first"))
    }

    @Test func `the router's side is made for the first request that nobody claims`() throws {
        let gate = try GateHarness()
        #expect(!gate.router.isOpen)
        try gate.receive("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(gate.router.isOpen)
        #expect(gate.side.seen == ["GET /", "end"])
    }

    @Test func `without a request a connection ends with its input`() throws {
        let gate = try GateHarness()
        gate.endInput()
        #expect(!gate.channel.isActive)
        #expect(gate.router.isClosed)
    }

    @Test func `without a request a connection ends at graceful shutdown`() throws {
        let gate = try GateHarness()
        gate.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        gate.channel.embeddedEventLoop.run()
        #expect(!gate.channel.isActive)
        #expect(gate.router.isClosed)
    }

    @Test func `a body that does not end keeps a claimed connection only for a while`() throws {
        let gate = try GateHarness()
        try gate.receive(
            "PUT /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        #expect(try gate.sent() == "")
        gate.channel.embeddedEventLoop.advanceTime(by: HTTPLimits().headTimeout)
        #expect(try gate.sent().hasPrefix("HTTP/1.1 408 "))
    }
}

@Suite(.timeLimit(.minutes(5))) struct TakenConnectionsTests {
    @Test func `what waits for taken connections goes on when the last one is closed`() async throws {
        let taken = TakenConnections()
        let first = EmbeddedChannel()
        let second = EmbeddedChannel()
        taken.add(first)
        taken.add(second)
        #expect(taken.count == 2)
        first.close(promise: nil)
        first.embeddedEventLoop.run()
        #expect(taken.count == 1)
        async let waited: Void = taken.closed()
        second.close(promise: nil)
        second.embeddedEventLoop.run()
        await waited
        #expect(taken.count == 0)
    }

    @Test func `cancelling gives the wait up`() async {
        let taken = TakenConnections()
        let channel = EmbeddedChannel()
        taken.add(channel)
        let task = Task { await taken.closed() }
        task.cancel()
        await task.value
        #expect(taken.count == 1)
        channel.close(promise: nil)
        channel.embeddedEventLoop.run()
    }
}
