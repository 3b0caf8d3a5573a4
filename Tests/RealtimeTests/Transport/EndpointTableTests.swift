import Domain
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import Realtime

struct EndpointTableTests {
    private func refusal(_ outcome: EndpointTable.Outcome) -> Refusal? {
        if case .refuse(let refusal) = outcome { refusal } else { nil }
    }

    @Test("a request for a claimed path gets the shard of its loop, the others are not claimed")
    func answers() throws {
        let test = TestHub(loops: 2)
        let loops = [EmbeddedEventLoop(), EmbeddedEventLoop()]
        let access = AccessPolicy(tokens: ["v1": .viewer])
        let table = EndpointTable(
            [
                NativeEndpoint(access: access, tasks: test.tasks),
                EventStreamEndpoint(access: access, tasks: test.tasks),
            ],
            hub: test.hub,
            loops: loops
        )
        #expect(table.claims(path: "/ws") && table.claims(path: "/events"))
        #expect(!table.claims(path: "/") && !table.claims(path: "/ws/") && !table.claims(path: "/ws?x"))
        let channel = EmbeddedChannel(loop: loops[1])
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/events?topics=app/a&token=v1")
        head.headers.add(name: "host", value: "localhost")
        guard case .install(let driver) = table.answer(head, on: channel) else { throw TestFailure("refused") }
        try channel.connect(to: SocketAddress(ipAddress: "::1", port: 1)).wait()
        try channel.pipeline.syncOperations.addHandler(driver)
        #expect(driver.address == "::1")
        test.loops[1].run()
        let sent = try #require(try channel.readOutbound(as: ByteBuffer.self))
        #expect(String(buffer: sent).hasPrefix("HTTP/1.1 200 OK\r\n"))
        head.uri = "/ws"
        #expect(refusal(table.answer(head, on: channel))?.status == 401)
        head.uri = "/nowhere"
        #expect(refusal(table.answer(head, on: channel))?.status == 404)
        head.uri = "/events?token=v1"
        head.method = .HEAD
        guard case .install(let silent) = table.answer(head, on: channel) else { throw TestFailure("refused") }
        let other = EmbeddedChannel(loop: loops[1])
        try other.connect(to: SocketAddress(ipAddress: "::1", port: 2)).wait()
        try other.pipeline.syncOperations.addHandler(silent)
        loops[1].run()
        #expect(!other.isActive)
        #expect(test.hub.connectionCount == 1)
        // A connection on a loop that has no shard.
        #expect(refusal(table.answer(head, on: EmbeddedChannel()))?.status == 404)
        _ = try? channel.finish()
        #expect(test.hub.connectionCount == 0)
    }

    @Test("the adapter runs jobs on its loop and repeats them by its clock")
    func adapter() {
        let loop = EmbeddedEventLoop()
        let adapter = EventLoopAdapter(loop)
        nonisolated(unsafe) var events: [String] = []
        adapter.repeatEvery(100) { events.append("tick") }
        adapter.execute { events.append("job") }
        loop.run()
        let start = adapter.now
        loop.advanceTime(by: .milliseconds(350))
        #expect(events == ["job", "tick", "tick", "tick"])
        #expect(adapter.now - start == 350)
    }
}
