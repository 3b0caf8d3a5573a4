import Realtime
import Testing

struct WebSocketConnectionClosingTests {
    @Test("The peer's close frame is echoed without its reason, and what follows is ignored")
    func echo() {
        expectOverAllChunkings(
            Wire.close(1000, Array("ünd".utf8)) + Wire.text("late") + [0xFF, 0xFF],
            events: [.closed(.normalClosure, "ünd", .peer)],
            output: Wire.close(1000, masked: false),
            state: .closing
        )
        expectOverAllChunkings(
            Wire.frame(8),
            events: [.closed(nil, "", .peer)],
            output: Wire.frame(8, masked: false),
            state: .closing
        )
    }

    @Test("A close frame inside a fragmented message ends the connection")
    func insideMessage() {
        expectOverAllChunkings(
            Wire.text("half", fin: false) + Wire.close(1001) + Wire.frame(0, [0x61]),
            events: [.closed(.goingAway, "", .peer)],
            output: Wire.close(1001, masked: false),
            state: .closing
        )
    }

    @Test("A wrong close frame fails as soon as its wrong byte has come")
    func earlyFailure() {
        var code = WebSocketPeer()
        code.receive(Wire.close(1005, Array("reason".utf8)).prefix(8))
        #expect(code.events == [.failed(.invalidCloseCode)])
        var reason = WebSocketPeer()
        reason.receive(Wire.close(1000, [0x61, 0xC0, 0x61, 0x61]).prefix(10))
        #expect(reason.events == [.failed(.invalidCloseReason)])
    }

    @Test("Our close is answered by the peer; messages in between are not delivered, pings are answered")
    func ours() {
        expectOverAllChunkings(
            Wire.text("late") + Wire.frame(9, [5]) + Wire.text("la", fin: false) + Wire.text("te").replacingOpcode(0)
                + Wire.close(1001),
            make: {
                var peer = WebSocketPeer()
                peer.connection.close(.goingAway, reason: "bye", output: &peer.output)
                return peer
            },
            events: [.ping([5]), .closed(.goingAway, "", .local)],
            output: Wire.close(1001, Array("bye".utf8), masked: false) + Wire.frame(10, [5], masked: false),
            state: .closing
        )
    }

    @Test("After our close frame nothing more is sent")
    func nothingMore() {
        var peer = WebSocketPeer()
        peer.connection.close(.normalClosure, output: &peer.output)
        let closeFrame = peer.takeOutput()
        #expect(closeFrame == Wire.close(1000, masked: false))
        #expect(!peer.connection.shouldCloseTransport)
        let isSent = peer.send(.text, [0x61])
        #expect(!isSent)
        peer.connection.close(.goingAway, output: &peer.output)
        let isPingSent = [UInt8]().withUnsafeBytes { peer.connection.ping($0, output: &peer.output) }
        let isPongSent = [UInt8]().withUnsafeBytes { peer.connection.pong($0, output: &peer.output) }
        #expect(!isPingSent && !isPongSent)
        #expect(peer.output == [])
        // A failure now is told, but has no second close frame.
        peer.receive([0xFF])
        #expect(peer.output == [])
        #expect(peer.events == [.failed(.reservedBit)])
        #expect(peer.connection.shouldCloseTransport)
    }

    @Test("A reason is cut to 123 bytes at a scalar boundary")
    func reason() {
        for (reason, expected) in [
            (String(repeating: "a", count: 200), String(repeating: "a", count: 123)),
            (String(repeating: "ä", count: 100), String(repeating: "ä", count: 61)),
            ("a" + String(repeating: "\u{1F30D}", count: 40), "a" + String(repeating: "\u{1F30D}", count: 30)),
            ("", ""),
        ] {
            var peer = WebSocketPeer()
            peer.connection.close(.internalError, reason: reason, output: &peer.output)
            #expect(peer.output == Wire.close(1011, Array(expected.utf8), masked: false))
        }
    }

    @Test(
        "Without a code that may be sent the close frame is empty",
        arguments: [
            nil, CloseCode.noStatus, CloseCode.abnormalClosure,
        ]
    )
    func noCode(code: CloseCode?) {
        var peer = WebSocketPeer()
        peer.connection.close(code, reason: "not sent", output: &peer.output)
        #expect(peer.output == [0x88, 0x00])
    }

    @Test("An end of the transport is abnormal before the closing handshake and only then")
    func transport() {
        for (bytes, expected): ([UInt8], [WebSocketRecorder.Event]) in [
            ([], [.closed(.abnormalClosure, "", .transport)]),
            (Array(Wire.text("cut").dropLast()), [.closed(.abnormalClosure, "", .transport)]),
            (Wire.close(1000), [.closed(.normalClosure, "", .peer)]),
            ([0xFF], [.failed(.reservedBit)]),
        ] {
            var peer = WebSocketPeer()
            peer.receive(bytes)
            peer.connection.inputClosed(consumer: &peer.recorder)
            peer.connection.inputClosed(consumer: &peer.recorder)
            #expect(peer.events == expected)
            #expect(peer.connection.state == .closed)
            #expect(peer.connection.heldBytes == 0)
            #expect(!peer.connection.shouldCloseTransport)
        }
    }

    @Test("The server ends the transport first, the client waits unless it failed the connection")
    func whoEnds() {
        var server = WebSocketPeer(.server)
        server.receive(Wire.close(1000))
        #expect(server.connection.shouldCloseTransport)
        var client = WebSocketPeer(.client)
        client.receive(Wire.close(1000, masked: false))
        #expect(client.connection.state == .closing)
        #expect(!client.connection.shouldCloseTransport)
        var failing = WebSocketPeer(.client)
        failing.receive(Wire.close(1000))
        #expect(failing.events == [.failed(.maskedFrame)])
        #expect(failing.connection.shouldCloseTransport)
    }
}
