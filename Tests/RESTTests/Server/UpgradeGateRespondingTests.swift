import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import REST

/// Requests that are answered inside HTTP by whoever claims their path.
@Suite struct UpgradeGateRespondingTests {
    private static let poll = "GET /poll?n=1 HTTP/1.1\r\nHost: a\r\n\r\n"

    private static func post(_ body: String, more: String = "") -> String {
        "POST /poll HTTP/1.1\r\nHost: a\r\n\(more)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private static func answer(_ body: String, more: String = "") -> String {
        "HTTP/1.1 200 OK\r\nx-from: test\r\ncontent-length: \(body.utf8.count)\r\n\(more)\r\n\(body)"
    }

    @Test func `an answer may come later, and the connection goes on with the next request`() throws {
        let gate = try GateHarness()
        for number in 0..<3 {
            try gate.receive(Self.poll)
            #expect(try gate.sent() == "")
            try #require(gate.takeover.responders.last).answer("\(number)")
            gate.channel.embeddedEventLoop.run()
            #expect(try gate.sent() == Self.answer("\(number)"))
        }
        #expect(gate.takeover.responders.map(\.body) == ["", "", ""])
        #expect(gate.channel.isActive && !gate.router.isOpen)
    }

    @Test func `a body is collected, wherever it is cut`() throws {
        let bytes =
            Self.post("hello")
            + "POST /poll HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nyo\r\n1\r\nu\r\n0\r\n\r\n"
        for cut in 1..<bytes.utf8.count {
            let gate = try GateHarness()
            gate.takeover.answersAtOnce = true
            let index = bytes.utf8.index(bytes.startIndex, offsetBy: cut)
            try gate.receive(String(bytes[..<index]))
            try gate.receive(String(bytes[index...]))
            #expect(gate.takeover.responders.map(\.body) == ["hello", "you"], "cut at \(cut)")
            #expect(try gate.sent() == Self.answer("hello") + Self.answer("you"), "cut at \(cut)")
        }
    }

    @Test func `what is pipelined behind waits for the answer, an upgrade among it`() throws {
        let gate = try GateHarness()
        try gate.receive(Self.poll + Self.post("x") + UpgradeGateTests.plain + UpgradeGateTests.upgrade + "frame")
        #expect(gate.takeover.responders.count == 1)
        try #require(gate.takeover.responders.last).answer("1")
        gate.channel.embeddedEventLoop.run()
        #expect(gate.takeover.responders.count == 2)
        #expect(gate.side.seen == [])
        try #require(gate.takeover.responders.last).answer("2")
        gate.channel.embeddedEventLoop.run()
        #expect(gate.side.seen == ["GET /a", "end"])
        gate.respond("3")
        let plain = "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n3"
        #expect(try gate.sent() == Self.answer("1") + Self.answer("2") + plain + "ready\nframe")
    }

    @Test func `a connection that served the router serves polls too, and the router afterwards`() throws {
        let gate = try GateHarness()
        try gate.receive(UpgradeGateTests.plain)
        gate.respond()
        try gate.receive(Self.poll)
        try #require(gate.takeover.responders.last).answer("1")
        gate.channel.embeddedEventLoop.run()
        try gate.receive(UpgradeGateTests.plain)
        gate.respond()
        #expect(gate.side.seen == ["GET /a", "end", "GET /a", "end"])
        #expect(gate.channel.isActive)
    }

    @Test(arguments: [
        "GET /poll HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET /poll HTTP/1.0\r\nHost: a\r\n\r\n",
        "GET /poll HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
    ])
    func `a client's last request is the connection's last`(request: String) throws {
        let gate = try GateHarness()
        gate.takeover.answersAtOnce = true
        try gate.receive(request)
        let sent = try gate.sent()
        #expect(sent.contains("connection: close\r\n"))
        #expect(gate.socket.hasClosedOutput)
    }

    @Test func `HEAD gets no body, and 204 no length`() throws {
        let gate = try GateHarness()
        gate.takeover.answersAtOnce = true
        gate.takeover.answersAtOnce = false
        try gate.receive("HEAD /poll HTTP/1.1\r\nHost: a\r\n\r\n")
        try #require(gate.takeover.responders.last).answer("abc")
        gate.channel.embeddedEventLoop.run()
        #expect(try gate.sent().hasSuffix("content-length: 3\r\n\r\n"))
        gate.takeover.answersAtOnce = true
        gate.takeover.status = .noContent
        try gate.receive("OPTIONS /poll HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try gate.sent() == "HTTP/1.1 204 No Content\r\nx-from: test\r\n\r\n")
    }

    // MARK: - Bodies that are refused

    @Test(arguments: [
        "POST /poll HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n",
        "POST /poll HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n6\r\nabcdef\r\n",
        "POST /poll HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n",
    ])
    func `a body over the limit gets the responder's answer, and the connection closes`(request: String) throws {
        let gate = try GateHarness()
        try gate.receive(request)
        let sent = try gate.sent()
        #expect(sent.hasPrefix("HTTP/1.1 413 ") && sent.contains("connection: close\r\n") && sent.hasSuffix("big"))
        let responder = try #require(gate.takeover.responders.last)
        #expect(responder.body == nil && responder.leavings == 1)
        responder.answer("late")
        #expect(try gate.sent() == "")
    }

    @Test func `a body of the limit is taken`() throws {
        let gate = try GateHarness()
        gate.takeover.answersAtOnce = true
        try gate.receive(Self.post("0123456789"))
        #expect(try gate.sent() == Self.answer("0123456789"))
    }

    @Test func `a body that the client holds back is asked for`() throws {
        let gate = try GateHarness()
        gate.takeover.answersAtOnce = true
        try gate.receive("POST /poll HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        #expect(try gate.sent() == "HTTP/1.1 100 Continue\r\n\r\n")
        try gate.receive("abc")
        #expect(try gate.sent() == Self.answer("abc"))
    }

    @Test func `a malformed body is answered 400`() throws {
        let gate = try GateHarness()
        try gate.receive("POST /poll HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
        #expect(try gate.sent().hasPrefix("HTTP/1.1 400 "))
        #expect(gate.takeover.responders.last?.leavings == 1)
    }

    @Test func `a body that stops coming is answered 408`() throws {
        let gate = try GateHarness(limits: HTTPLimits(idleTimeout: .seconds(60)))
        try gate.receive("POST /poll HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n123")
        gate.channel.embeddedEventLoop.advanceTime(by: .seconds(50))
        try gate.receive("456")
        gate.channel.embeddedEventLoop.advanceTime(by: .seconds(50))
        #expect(try gate.sent() == "")
        gate.channel.embeddedEventLoop.advanceTime(by: .seconds(10))
        #expect(try gate.sent().hasPrefix("HTTP/1.1 408 "))
        #expect(gate.takeover.responders.last?.leavings == 1)
    }

    // MARK: - Clients that go

    @Test func `the end of input is told, and an answer still goes out before the close`() throws {
        let gate = try GateHarness()
        try gate.receive(Self.poll)
        gate.endInput()
        let responder = try #require(gate.takeover.responders.last)
        #expect(responder.leavings == 1 && gate.channel.isActive)
        responder.answer("bye")
        gate.channel.embeddedEventLoop.run()
        #expect(try gate.sent() == Self.answer("bye", more: "connection: close\r\n"))
        #expect(!gate.channel.isActive)
        #expect(responder.leavings == 1)
    }

    @Test func `the end of input is told to one that waits its turn too`() throws {
        let gate = try GateHarness()
        try gate.receive(Self.poll + Self.poll)
        gate.endInput()
        #expect(gate.takeover.responders.map(\.leavings) == [1])
        gate.takeover.responders[0].answer("1")
        gate.channel.embeddedEventLoop.run()
        #expect(gate.takeover.responders.map(\.leavings) == [1, 1])
        gate.takeover.responders[1].answer("2")
        gate.channel.embeddedEventLoop.run()
        #expect(try gate.sent() == Self.answer("1") + Self.answer("2", more: "connection: close\r\n"))
        #expect(!gate.channel.isActive)
    }

    @Test func `the end of the connection is told once, and a late answer does nothing`() throws {
        let gate = try GateHarness()
        try gate.receive(Self.poll)
        gate.channel.close(promise: nil)
        gate.channel.embeddedEventLoop.run()
        let responder = try #require(gate.takeover.responders.last)
        #expect(responder.leavings == 1)
        responder.answer("late")
        #expect(responder.leavings == 1)
    }

    @Test func `one that is answered hears nothing of the connection's end, nor do two answers count`() throws {
        let gate = try GateHarness()
        try gate.receive(Self.poll)
        let responder = try #require(gate.takeover.responders.last)
        responder.answer("1")
        responder.answer("2")
        gate.channel.embeddedEventLoop.run()
        #expect(try gate.sent() == Self.answer("1"))
        gate.channel.close(promise: nil)
        gate.channel.embeddedEventLoop.run()
        #expect(responder.leavings == 0)
    }

    @Test func `a client that asks and does not read is not served on`() throws {
        let gate = try GateHarness()
        gate.takeover.answersAtOnce = true
        gate.channel.isWritable = false
        try gate.receive(Self.post("1") + Self.post("2"))
        try gate.receive(Self.post("3"))
        #expect(gate.takeover.responders.map(\.body) == ["1"])
        for _ in 0..<3 {
            gate.channel.isWritable = true
            gate.channel.pipeline.fireChannelWritabilityChanged()
            gate.channel.isWritable = false
            gate.channel.embeddedEventLoop.run()
        }
        #expect(gate.takeover.responders.map(\.body).prefix(2) == ["1", "2"])
        gate.channel.isWritable = true
        for _ in 0..<3 {
            gate.channel.pipeline.fireChannelWritabilityChanged()
            gate.channel.embeddedEventLoop.run()
        }
        #expect(gate.takeover.responders.map(\.body) == ["1", "2", "3"])
    }

    // MARK: - Times

    @Test func `a long poll is not timed, neither in a fresh connection nor in one of the router`() throws {
        for isRouted in [false, true] {
            let gate = try GateHarness(limits: HTTPLimits(headTimeout: .seconds(10), idleTimeout: .seconds(60)))
            if isRouted {
                try gate.receive(UpgradeGateTests.plain)
                gate.respond()
                _ = try gate.sent()
            }
            for _ in 0..<3 {
                try gate.receive(Self.poll)
                gate.channel.embeddedEventLoop.advanceTime(by: .seconds(500))
                #expect(gate.channel.isActive)
                try #require(gate.takeover.responders.last).answer("1")
                gate.channel.embeddedEventLoop.run()
                #expect(try gate.sent() == Self.answer("1"))
                gate.channel.embeddedEventLoop.advanceTime(by: .seconds(59))
            }
            gate.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
            #expect(!gate.channel.isActive)
        }
    }

    @Test func `a connection of the router lies idle only so long, and a body may not stop`() throws {
        let gate = try GateHarness(limits: HTTPLimits(idleTimeout: .seconds(60)))
        try gate.receive(UpgradeGateTests.plain)
        gate.channel.embeddedEventLoop.advanceTime(by: .seconds(500))
        gate.respond()
        gate.channel.embeddedEventLoop.advanceTime(by: .seconds(59))
        #expect(gate.channel.isActive)
        gate.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!gate.channel.isActive)
        let other = try GateHarness(limits: HTTPLimits(idleTimeout: .seconds(60)))
        try other.receive("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n")
        other.channel.embeddedEventLoop.advanceTime(by: .seconds(59))
        try other.receive("1")
        other.channel.embeddedEventLoop.advanceTime(by: .seconds(59))
        #expect(other.channel.isActive)
        other.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!other.channel.isActive)
    }

    @Test func `at graceful shutdown a waiting answer is the last, without one the connection closes`() throws {
        let gate = try GateHarness()
        try gate.receive(Self.poll)
        gate.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        #expect(gate.channel.isActive)
        try #require(gate.takeover.responders.last).answer("1")
        gate.channel.embeddedEventLoop.run()
        #expect(try gate.sent() == Self.answer("1", more: "connection: close\r\n"))
        let idle = try GateHarness()
        idle.takeover.answersAtOnce = true
        try idle.receive(Self.poll)
        idle.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        idle.channel.embeddedEventLoop.run()
        #expect(!idle.channel.isActive)
    }
}
