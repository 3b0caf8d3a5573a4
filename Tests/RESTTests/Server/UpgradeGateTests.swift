import NIOCore
import NIOEmbedded
import NIOHTTP1
import Synchronization
import Testing

@testable import REST

@Suite struct UpgradeGateTests {
    static let upgrade = "GET /echo?x=1 HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    static let plain = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test func `an ordinary request passes, and its answer comes back`() throws {
        let gate = try GateHarness()
        try gate.receive(Self.plain)
        #expect(gate.side.seen == ["GET /a", "end"])
        gate.respond("hello")
        #expect(try gate.sent() == "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello")
        #expect(gate.channel.isActive)
    }

    @Test func `a claimed path is taken over, and its first frame in the same segment is not lost`() throws {
        let gate = try GateHarness()
        try gate.receive(Self.upgrade + "frame")
        #expect(try gate.sent() == "ready\nframe")
        try gate.receive(" more")
        #expect(try gate.sent() == " more")
        #expect(!gate.router.isOpen)
        #expect(gate.takeover.heads.withLock { $0.map(\.uri) } == ["/echo?x=1"])
    }

    @Test func `the bytes may be cut anywhere`() throws {
        let bytes = Self.plain + Self.upgrade + "frame"
        for cut in 1..<bytes.utf8.count {
            let gate = try GateHarness()
            let index = bytes.utf8.index(bytes.startIndex, offsetBy: cut)
            try gate.receive(String(bytes[..<index]))
            if !gate.side.seen.contains("end") {
                try gate.receive(String(bytes[index...]))
                gate.respond()
            } else {
                gate.respond()
                try gate.receive(String(bytes[index...]))
            }
            let sent = try gate.sent()
            #expect(sent.hasSuffix("\r\n\r\nready\nframe"), "cut at \(cut): \(sent)")
        }
    }

    @Test func `a later request of a connection is taken over too`() throws {
        let gate = try GateHarness()
        try gate.receive(Self.plain)
        gate.respond()
        _ = try gate.sent()
        try gate.receive(Self.upgrade + "frame")
        #expect(try gate.sent() == "ready\nframe")
    }

    @Test func `pipelined requests wait for the answer before them, an upgrade among them`() throws {
        let gate = try GateHarness()
        try gate.receive(
            Self.plain + "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nxyz" + Self.upgrade + "frame"
        )
        #expect(gate.side.seen == ["GET /a", "end"])
        #expect(try gate.sent() == "")
        gate.respond("1")
        #expect(gate.side.seen == ["GET /a", "end", "POST /b", "body 3", "end"])
        #expect(try gate.sent() == "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n1")
        gate.respond("2")
        #expect(try gate.sent() == "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n2ready\nframe")
    }

    @Test func `a claimed path without an upgrade is taken over, and what was pipelined behind it is dropped`() throws {
        let gate = try GateHarness()
        try gate.receive("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n" + Self.plain)
        #expect(try gate.sent() == "ready\n")
        #expect(!gate.router.isOpen)
        try gate.receive("raw")
        #expect(try gate.sent() == "raw")
    }

    @Test func `what Hummingbird does after a takeover goes nowhere`() throws {
        let gate = try GateHarness()
        try gate.receive(Self.upgrade)
        _ = try gate.sent()
        gate.respond("late")
        gate.side.context?.close(promise: nil)
        gate.channel.embeddedEventLoop.run()
        #expect(try gate.sent() == "")
        #expect(gate.channel.isActive)
        try gate.receive("still")
        #expect(try gate.sent() == "still")
        #expect(!gate.router.isOpen)
    }

    @Test func `after a takeover no HTTP handler is left before the new owner`() throws {
        let gate = try GateHarness()
        try gate.receive(Self.upgrade)
        let pipeline = gate.channel.pipeline
        #expect(throws: (any Error).self) { try pipeline.syncOperations.handler(type: UpgradeGate.self) }
        #expect(throws: (any Error).self) {
            try pipeline.syncOperations.handler(type: ByteToMessageHandler<RequestDecoder>.self)
        }
        _ = try pipeline.syncOperations.handler(type: EchoHandler.self)
    }

    @Test func `the end of input after a takeover closes the connection, and no router side was ever made`() throws {
        let gate = try GateHarness()
        try gate.receive(Self.upgrade)
        gate.endInput()
        #expect(!gate.channel.isActive)
        #expect(!gate.router.isOpen)
    }

    @Test func `frames behind an upgrade arrive even when the client has closed its side at once`() throws {
        let gate = try GateHarness()
        try gate.channel.writeInbound(ByteBuffer(string: Self.upgrade + "frame"))
        gate.endInput()
        #expect(try gate.sent() == "ready\nframe")
    }

    @Test(arguments: [
        "GET /refused HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /refused HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nframe",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nxyz",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
    ])
    func `a refusal is answered with Connection close, then the connection closes`(request: String) throws {
        let gate = try GateHarness()
        try gate.receive(request)
        let answer = "HTTP/1.1 426 Upgrade Required\r\nx-why: test\r\nconnection: close\r\ncontent-length: 2\r\n\r\nno"
        #expect(try gate.sent() == answer)
        #expect(gate.channel.isActive)
        #expect(gate.socket.hasClosedOutput)
        try gate.receive("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(!gate.router.isOpen)
        gate.channel.embeddedEventLoop.advanceTime(by: .seconds(3))
        #expect(!gate.channel.isActive)
    }

    @Test func `a refused HEAD has no body`() throws {
        let gate = try GateHarness()
        try gate.receive("HEAD /refused HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try gate.sent().hasSuffix("content-length: 2\r\n\r\n"))
    }

    @Test(arguments: [
        "GET /a HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET /a HTTP/1.0\r\nHost: a\r\n\r\n",
    ])
    func `an unclaimed upgrade and a last request get the ordinary answer, then the connection closes`(
        request: String
    ) throws {
        let gate = try GateHarness()
        try gate.receive(request)
        #expect(gate.side.seen == ["GET /a", "end"])
        gate.respond("hello")
        #expect(try gate.sent() == "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello")
        gate.endInput()
        #expect(!gate.channel.isActive)
    }

    @Test func `an answer before the end of the body closes the connection`() throws {
        let gate = try GateHarness()
        try gate.receive("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n123")
        gate.respond()
        #expect(try gate.sent() == "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        try gate.receive("4567890" + Self.plain)
        #expect(gate.side.seen == ["POST /a", "body 3", "input closed"])
    }

    @Test func `a body is cut at the limit with an error`() throws {
        let gate = try GateHarness(limits: HTTPLimits(bodyBytes: 5))
        try gate.receive("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n")
        try gate.receive("1\r\n6\r\n1\r\n7\r\n0\r\n\r\n")
        #expect(gate.side.seen == ["POST /a", "body 5", "error tooLarge"])
        gate.respond()
        #expect(try gate.sent().contains("connection: close"))
    }

    @Test func `a malformed body is an error for its reader`() throws {
        let gate = try GateHarness()
        try gate.receive("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
        #expect(gate.side.seen == ["POST /a", "error malformed"])
    }

    @Test func `a target in absolute form is taken over too`() throws {
        let gate = try GateHarness()
        try gate.receive(Self.upgrade.replacing("GET /echo", with: "GET http://a/echo") + "frame")
        #expect(try gate.sent() == "ready\nframe")
    }

    @Test func `two Host headers are none`() throws {
        let gate = try GateHarness()
        try gate.receive("GET /a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
        #expect(gate.side.seen == ["GET /a without host", "end"])
    }

    @Test func `the end of input waits for pipelined requests`() throws {
        let gate = try GateHarness()
        try gate.receive(Self.plain + "GET /b HTTP/1.1\r\nHost: a\r\n\r\n")
        gate.endInput()
        #expect(gate.side.seen == ["GET /a", "end"])
        gate.respond()
        #expect(gate.side.seen == ["GET /a", "end", "GET /b", "end", "input closed"])
        gate.respond()
        #expect(gate.side.seen == ["GET /a", "end", "GET /b", "end", "input closed"])
    }
}
