import NIOCore
import NIOEmbedded
import Testing

@testable import REST

@Suite struct UpgradeGateLimitTests {
    @Test func `a connection that says nothing is closed after the head's time`() throws {
        let gate = try GateHarness(limits: HTTPLimits(headTimeout: .seconds(10)))
        gate.channel.embeddedEventLoop.advanceTime(by: .seconds(9))
        #expect(gate.channel.isActive)
        gate.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!gate.channel.isActive)
        #expect(try gate.sent() == "")
    }

    @Test func `a head that is not complete in time is answered 408`() throws {
        let gate = try GateHarness(limits: HTTPLimits(headTimeout: .seconds(10), lingerTime: .seconds(2)))
        try gate.receive("GET /a HTTP/1.1\r\nHost:")
        for _ in 0..<9 {
            gate.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
            try gate.receive(" ")
        }
        #expect(try gate.sent() == "")
        gate.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        let answer = try gate.sent()
        #expect(answer.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
        #expect(answer.contains("connection: close\r\n"))
        #expect(answer.hasSuffix(#"{"error":{"code":"request_timeout","message":"Request Timeout"}}"#))
        gate.channel.embeddedEventLoop.advanceTime(by: .seconds(2))
        #expect(!gate.channel.isActive)
    }

    @Test func `the head's time counts for later requests from their first byte`() throws {
        let gate = try GateHarness(limits: HTTPLimits(headTimeout: .seconds(10)))
        try gate.receive(UpgradeGateTests.plain)
        // Neither while the answer is made nor between requests.
        gate.channel.embeddedEventLoop.advanceTime(by: .seconds(30))
        gate.respond()
        gate.channel.embeddedEventLoop.advanceTime(by: .seconds(30))
        _ = try gate.sent()
        #expect(gate.channel.isActive)
        try gate.receive("G")
        gate.channel.embeddedEventLoop.advanceTime(by: .seconds(9))
        #expect(try gate.sent() == "")
        gate.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(try gate.sent().hasPrefix("HTTP/1.1 408 "))
    }

    @Test func `a takeover ends the head's time`() throws {
        let gate = try GateHarness(limits: HTTPLimits(headTimeout: .seconds(10)))
        try gate.receive(UpgradeGateTests.upgrade)
        gate.channel.embeddedEventLoop.advanceTime(by: .seconds(100))
        #expect(gate.channel.isActive)
    }

    @Test(arguments: [
        "GET /" + String(repeating: "a", count: 5000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "a", count: 5000) + "\r\n\r\n",
        "GET / HTTP/1.1\r\n" + String(repeating: "X: \(String(repeating: "a", count: 100))\r\n", count: 50) + "\r\n",
        "GET / HTTP/1.1\r\n" + String(repeating: "X: a\r\n", count: 20) + "\r\n",
    ])
    func `a head over the limits is answered 431, whole or in bytes`(head: String) throws {
        for size in [head.utf8.count, 1000, 1] {
            let gate = try GateHarness(limits: HTTPLimits(headBytes: 4096, headerFields: 16))
            var rest = head[...]
            while !rest.isEmpty, gate.channel.isActive {
                try gate.receive(String(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            let sent = try gate.sent()
            if size < head.utf8.count || !head.contains("/aaa") {
                #expect(sent.hasPrefix("HTTP/1.1 431 "), "in pieces of \(size): \(sent)")
                #expect(!gate.router.isOpen)
            }
        }
    }

    @Test(arguments: [
        "nonsense\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "GET / HTTP/1.1\r\nA B: c\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}",
        "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    ])
    func `what is no request is answered 400`(text: String) throws {
        let gate = try GateHarness()
        try gate.receive(text)
        #expect(try gate.sent().hasPrefix("HTTP/1.1 400 "))
        #expect(!gate.router.isOpen)
    }

    @Test func `nonsense behind a request is answered after it`() throws {
        let gate = try GateHarness()
        try gate.receive(UpgradeGateTests.plain + "nonsense\r\n\r\n")
        #expect(try gate.sent() == "")
        gate.respond("hello")
        let sent = try gate.sent()
        #expect(sent.hasPrefix("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhelloHTTP/1.1 400 "))
    }

    @Test func `a body's length does not count for the head behind it`() throws {
        let gate = try GateHarness(limits: HTTPLimits(headBytes: 1024))
        let body = String(repeating: "b", count: 5000)
        try gate.receive("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n" + body)
        gate.respond()
        try gate.receive(UpgradeGateTests.plain)
        #expect(gate.side.seen == ["POST /a", "body 5000", "end", "GET /a", "end"])
    }

    @Test func `a body that the client holds back is asked for once someone wants it`() throws {
        let gate = try GateHarness()
        try gate.receive("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
        #expect(try gate.sent() == "")
        gate.side.context?.triggerUserOutboundEvent(UpgradeGate.BodyWanted(), promise: nil)
        #expect(try gate.sent() == "HTTP/1.1 100 Continue\r\n\r\n")
        try gate.receive("xyz")
        gate.respond()
        #expect(gate.side.seen == ["POST /a", "body 3", "end"])
        #expect(try gate.sent() == "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
    }

    @Test func `a body that has come already, or an HTTP 1.0 client, is not asked`() throws {
        for request in [
            "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nxyz",
            "POST /a HTTP/1.0\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n",
        ] {
            let gate = try GateHarness()
            try gate.receive(request)
            gate.side.context?.triggerUserOutboundEvent(UpgradeGate.BodyWanted(), promise: nil)
            #expect(try gate.sent() == "")
        }
    }

    @Test func `nothing is read while requests wait, and nothing behind a last one`() throws {
        let gate = try GateHarness()
        try gate.receive(UpgradeGateTests.plain + UpgradeGateTests.plain)
        let before = gate.socket.reads
        gate.channel.read()
        #expect(gate.socket.reads == before)
        gate.respond()
        // The wish is not forgotten.
        #expect(gate.socket.reads == before + 1)
        gate.channel.read()
        #expect(gate.socket.reads == before + 2)
        gate.respond()
        try gate.receive("GET /a HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
        let last = gate.socket.reads
        gate.channel.read()
        #expect(gate.socket.reads == last)
    }
}
