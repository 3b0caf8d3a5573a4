import Domain
import Testing

@testable import Realtime

/// The change from polling to WebSocket, and sessions on WebSocket (contracts/socketio.md §2, "Upgrade"); each on one
/// loop, and with the socket on another loop than the session.
struct EngineSessionUpgradeTests {
    static let cases: [(Int, Int)] = [(3, 0), (4, 0), (3, 1), (4, 1)]

    private func noop(_ version: Int) -> String { version == 3 ? "1:6" : "6" }

    // MARK: - Sessions that begin on WebSocket

    @Test("a session on WebSocket offers no upgrade and echoes text and binary", arguments: [3, 4])
    func webSocket(version: Int) throws {
        let engine = EngineUnderTest()
        engine.application.onOpened = { $0.send(text: "first") }
        engine.application.onText = { session, text in session.send(text: text) }
        let client = try engine.connect(version)
        let opening = client.take()
        #expect(opening.count == 2 && opening[0].contains(#""upgrades":[]"#) && opening[1] == "4first")
        client.send("4hello", "4é😀")
        #expect(client.take() == ["4hello", "4é😀"])
        client.send(binary: version == 3 ? [4, 1, 2] : [1, 2])
        #expect(engine.application.take().last == "binary [1, 2]")
        try engine.session().send(binary: [1, 2])
        #expect(client.takeBytes() == [version == 3 ? [4, 1, 2] : [1, 2]])
        client.disconnect()
        #expect(engine.application.take().last == "closed transportClosed")
        #expect(engine.test.hub.connectionCount == 0)
    }

    @Test("base64 in a text frame is a binary message", arguments: [(3, "b4AQI="), (4, "bAQI=")])
    func base64(version: Int, text: String) throws {
        let engine = EngineUnderTest()
        let client = try engine.connect(version)
        client.send(text)
        #expect(engine.application.take().last == "binary [1, 2]")
    }

    @Test("what is no packet ends the session and the socket", arguments: ["abc", "", "9"])
    func malformed(text: String) throws {
        let engine = EngineUnderTest()
        let client = try engine.connect()
        client.send(text, "4late")
        #expect(client.isClosed)
        #expect(engine.application.take().suffix(1) == ["closed parseError"])
        let older = EngineUnderTest()
        let other = try older.connect(3)
        other.send(binary: [1, 2])
        #expect(other.isClosed)
    }

    @Test("the client's close packet, its close frame and the server's close end both")
    func closes() throws {
        for version in [3, 4] {
            let engine = EngineUnderTest()
            let client = try engine.connect(version)
            client.send("1")
            #expect(client.isClosed)
            #expect(engine.application.take().last == "closed clientClosed")
            let other = EngineUnderTest()
            let second = try other.connect(version)
            second.session.receive(second.frames.encodeClose(.normalClosure))
            other.test.run()
            #expect(other.application.take().last == "closed clientClosed")
            let failing = EngineUnderTest()
            let broken = try failing.connect(version)
            broken.session.receive(broken.frames.encodeClose(.internalError))
            failing.test.run()
            #expect(failing.application.take().last == "closed transportClosed")
            let third = EngineUnderTest()
            let client3 = try third.connect(version)
            try third.session().send(text: "bye")
            try third.session().close()
            #expect(client3.take().last == "4bye")
            #expect(client3.frames.isClosed)
        }
    }

    @Test("a close frame that is not answered does not keep the connection")
    func closeTimeout() throws {
        let engine = EngineUnderTest()
        let client = try engine.connect()
        try engine.session().close()
        engine.advance(4_900)
        #expect(!client.link.isClosed)
        engine.advance(200)
        #expect(client.link.isClosed)
    }

    @Test("at shutdown sockets are told 1001")
    func shutdown() throws {
        let engine = EngineUnderTest()
        let client = try engine.connect()
        engine.test.hub.shutDown()
        engine.test.run()
        #expect(client.isClosed && client.frames.closeCode == 1001)
    }

    @Test("heartbeats go over the socket, and without an answer it is closed")
    func heartbeat() throws {
        let engine = EngineUnderTest()
        let client = try engine.connect()
        _ = client.take()
        for _ in 0..<3 {
            engine.advance(320)
            #expect(client.take() == ["2"])
            client.send("3")
        }
        engine.advance(320)
        #expect(client.take() == ["2"])
        engine.advance(200)
        #expect(client.isClosed)
        let older = EngineUnderTest()
        let other = try older.connect(3)
        _ = other.take()
        older.advance(400)
        other.send("2x")
        #expect(other.take() == ["3x"])
        older.advance(480)
        #expect(!other.isClosed)
        older.advance(20)
        #expect(other.isClosed)
    }

    @Test("a poll sent behind the opening of a WebSocket on another loop is not let go for its sake")
    func pollBehindOpening() throws {
        let engine = EngineUnderTest(loops: 2)
        let sid = try engine.open()
        let client = try engine.connect(sid: sid, on: 1, runs: false)
        // The news of the WebSocket waits for the loop; the poll is read from its connection before.
        let query = "EIO=4&transport=polling&sid=\(sid)"
        guard case .respond(let poll) = engine.admit("GET", query) else { throw TestFailure("refused") }
        var status: Int?
        poll.received([]) { status = $0.status }
        client.send("2probe", "5")
        #expect(status == 400)
        #expect(client.take() == ["3probe"])
    }

    @Test("the first frames may be held back, in order")
    func handshakeDelay() throws {
        let engine = EngineUnderTest { $0.handshakeDelay = 5 }
        engine.application.onOpened = { $0.send(text: "a") }
        engine.application.onText = { session, text in
            session.send(text: text)
            session.link.flush()
        }
        let client = try engine.connect()
        client.send("4b")
        #expect(client.take() == [])
        engine.advance(10)
        let texts = client.take()
        #expect(texts.count == 3 && texts[0].hasPrefix("0") && texts.suffix(2) == ["4a", "4b"])
        client.send("4c")
        #expect(client.take() == ["4c"])
    }

    @Test("a message over maxPayload ends the connection with 1009")
    func tooLong() throws {
        let engine = EngineUnderTest { $0.maxPayload = 1_000 }
        let client = try engine.connect()
        client.send("4" + String(repeating: "x", count: 999))
        #expect(!client.isClosed)
        client.send("4" + String(repeating: "x", count: 1_000))
        #expect(client.isClosed && client.frames.closeCode == 1009)
        #expect(engine.application.take().last == "closed transportClosed")
    }

    @Test("a peer that sends WebSocket pings and takes no pongs is not read on, until it takes them")
    func pingFlood() throws {
        let engine = EngineUnderTest()
        let client = try engine.connect()
        client.link.stall()
        let pings = (0..<1_000).flatMap { _ in client.frames.encodePing() }
        var bursts = 0
        while client.link.isReading, bursts < 1_000 {
            client.session.receive(pings)
            bursts += 1
        }
        #expect(bursts == 33)
        try engine.session().link.isReading = true
        #expect(!client.link.isReading)
        client.link.release()
        #expect(client.link.isReading)
    }

    // MARK: - Upgrade

    @Test("probe, release of the poll, change, and messages right behind it", arguments: cases)
    func upgrade(version: Int, loop: Int) throws {
        let engine = EngineUnderTest(loops: 2)
        let sid = try engine.open(version)
        let poll = engine.poll(sid, version)
        let client = try engine.connect(version, sid: sid, on: loop)
        #expect(client.take() == [])
        client.send("2probe")
        #expect(client.take() == ["3probe"])
        #expect(poll.status == 200 && poll.body == noop(version))
        // Until the change messages go by polling.
        let session = try engine.session()
        session.send(text: "before")
        #expect(session.format == .engineIOPolling)
        _ = engine.application.take()
        engine.application.onText = { session, text in
            session.send(text: text)
            session.link.flush()
        }
        client.send("5", "4hello", "4you")
        #expect(client.take() == ["4before", "4hello", "4you"])
        let format = WireFormat.engineIOWebSocket(session.version)
        #expect(engine.application.take() == ["format \(format)", "writable", "text hello", "text you"])
        #expect(session.format == format)
        #expect(engine.poll(sid, version).status == 400)
        #expect(engine.post(sid, version == 3 ? "2:4x" : "4x", version).status == 400)
        client.send(binary: version == 3 ? [4, 7] : [7])
        #expect(engine.application.take().last == "binary [7]")
        client.disconnect()
        #expect(engine.application.take().last == "closed transportClosed")
        #expect(engine.test.hub.connectionCount == 0)
    }

    @Test("a new poll is released again and again until the client changes", arguments: cases)
    func releases(version: Int, loop: Int) throws {
        let engine = EngineUnderTest(loops: 2) { $0.pingInterval = 60_000 }
        let sid = try engine.open(version)
        let client = try engine.connect(version, sid: sid, on: loop)
        client.send("2probe")
        for _ in 0..<3 {
            let poll = engine.poll(sid, version)
            #expect(poll.status == nil)
            engine.advance(120)
            #expect(poll.body == noop(version))
        }
    }

    @Test("what waited for a poll leaves as frames, text and binary", arguments: cases)
    func recodes(version: Int, loop: Int) throws {
        let engine = EngineUnderTest(loops: 2)
        let sid = try engine.open(version)
        let session = try engine.session()
        for number in 0..<20 { session.send(text: "\(number)") }
        session.send(binary: [9])
        session.send(text: "a\u{1E}b")
        let client = try engine.connect(version, sid: sid, on: loop)
        client.send("2probe")
        client.send("5")
        var expected = (["3probe"] + (0..<20).map { "4\($0)" }).map { Array($0.utf8) }
        expected += [version == 3 ? [4, 9] : [9], Array("4a\u{1E}b".utf8)]
        #expect(client.takeBytes() == expected)
    }

    @Test("a poll that is there when the client changes was sent too late", arguments: cases)
    func latePoll(version: Int, loop: Int) throws {
        let engine = EngineUnderTest(loops: 2)
        let sid = try engine.open(version)
        let client = try engine.connect(version, sid: sid, on: loop)
        client.send("2probe")
        let poll = engine.poll(sid, version)
        client.send("5")
        #expect(poll.status == 400)
        client.send("4still")
        #expect(engine.application.take().last == "text still")
    }

    @Test("a poll that overtakes the probe is not let go before it can be known for late", arguments: cases)
    func overtakingPoll(version: Int, loop: Int) throws {
        let engine = EngineUnderTest(loops: 2)
        let sid = try engine.open(version)
        let client = try engine.connect(version, sid: sid, on: loop)
        let poll = engine.poll(sid, version)
        client.send("2probe")
        #expect(poll.status == nil)
        client.send("5")
        #expect(poll.status == 400)
        let other = EngineUnderTest(loops: 2)
        let slow = try other.open(version)
        let second = try other.connect(version, sid: slow, on: loop)
        let early = other.poll(slow, version)
        second.send("2probe")
        other.advance(200)
        #expect(early.status == 200 && early.body == noop(version))
    }

    @Test(
        "anything but probe and upgrade closes the probing socket, and the session goes on by polling",
        arguments: ["4early", "2", "2other", "5", "1", "abc", "3probe"]
    )
    func badProbe(text: String) throws {
        for loop in [0, 1] {
            let engine = EngineUnderTest(loops: 2)
            let sid = try engine.open()
            let client = try engine.connect(sid: sid, on: loop)
            client.send(text)
            #expect(client.isClosed)
            #expect(engine.post(sid, "4on").status == 200)
            #expect(engine.application.take() == ["opened", "writable", "text on"])
            // And it may try again.
            let second = try engine.connect(sid: sid, on: loop)
            second.send("2probe")
            #expect(second.take() == ["3probe"])
        }
    }

    @Test("a change that takes too long closes the probing socket only", arguments: [0, 1])
    func timeout(loop: Int) throws {
        let engine = EngineUnderTest(loops: 2) { $0.pingInterval = 60_000 }
        let sid = try engine.open()
        let client = try engine.connect(sid: sid, on: loop)
        client.send("2probe")
        engine.advance(9_900)
        #expect(!client.isClosed)
        engine.advance(200)
        #expect(client.isClosed)
        #expect(engine.post(sid, "4on").status == 200)
    }

    @Test("a probing socket that breaks off leaves the session alone", arguments: [0, 1])
    func brokenProbe(loop: Int) throws {
        let engine = EngineUnderTest(loops: 2)
        let sid = try engine.open()
        let client = try engine.connect(sid: sid, on: loop)
        client.send("2probe")
        client.disconnect()
        #expect(engine.post(sid, "4on").status == 200)
        let second = try engine.connect(sid: sid, on: loop)
        second.send("2probe")
        second.send("5")
        #expect(try engine.session().format == .engineIOWebSocket(.v4))
    }

    @Test("a second socket with the same id is closed, the first goes on", arguments: cases)
    func second(version: Int, loop: Int) throws {
        let engine = EngineUnderTest(loops: 2)
        let sid = try engine.open(version)
        let client = try engine.connect(version, sid: sid, on: loop)
        let early = try engine.connect(version, sid: sid, on: 1 - loop)
        #expect(early.isClosed)
        client.send("2probe")
        client.send("5")
        let late = try engine.connect(version, sid: sid, on: 1 - loop)
        #expect(late.isClosed)
        late.disconnect()
        client.send("4still")
        #expect(engine.application.take().last == "text still")
        #expect(engine.test.hub.connectionCount == 1)
    }

    @Test("one that probes on and on and takes no answers loses the socket, not the session", arguments: [0, 1])
    func endlessProbe(loop: Int) throws {
        let engine = EngineUnderTest(loops: 2)
        let sid = try engine.open()
        let client = try engine.connect(sid: sid, on: loop)
        client.send("2probe")
        client.link.stall()
        let burst = (0..<1_000).flatMap { _ in client.frames.encode("2probe") }
        for _ in 0..<40 {
            client.session.receive(burst)
            engine.test.run()
        }
        #expect(client.isClosed)
        #expect(engine.post(sid, "4on").status == 200)
    }

    @Test("a socket whose session ends before the change is closed", arguments: [0, 1])
    func endsWhileProbing(loop: Int) throws {
        let engine = EngineUnderTest(loops: 2)
        let sid = try engine.open()
        let client = try engine.connect(sid: sid, on: loop)
        client.send("2probe")
        try engine.session().close()
        engine.test.run()
        #expect(client.isClosed)
        #expect(engine.poll(sid).body == "1")
    }

    @Test("a session that is not to be read stays so on its new socket", arguments: [0, 1])
    func backPressure(loop: Int) throws {
        let engine = EngineUnderTest(loops: 2)
        let sid = try engine.open()
        try engine.session().link.isReading = false
        let client = try engine.connect(sid: sid, on: loop)
        client.send("2probe")
        client.send("5")
        #expect(!client.link.isReading)
        try engine.session().link.isReading = true
        engine.test.run()
        #expect(client.link.isReading)
    }
}
