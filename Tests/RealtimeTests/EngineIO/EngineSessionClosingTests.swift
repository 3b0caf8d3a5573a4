import Domain
import Testing

@testable import Realtime

/// Heartbeat, the end of a session, and what breaks it (contracts/socketio.md §2).
struct EngineSessionClosingTests {
    /// A packet without data as a version writes it.
    private func payload(_ packet: String, _ version: Int) -> String { version == 3 ? "1:\(packet)" : packet }

    // MARK: - Heartbeat

    @Test("version 4 is pinged over the waiting poll, and lives as long as it answers")
    func pings() throws {
        let engine = EngineUnderTest()
        let sid = try engine.open()
        for _ in 0..<3 {
            let poll = engine.poll(sid)
            engine.advance(290)
            #expect(poll.status == nil)
            engine.advance(30)
            #expect(poll.body == "2")
            #expect(engine.post(sid, "3").status == 200)
        }
        let poll = engine.poll(sid)
        engine.advance(320)
        #expect(poll.body == "2")
        engine.advance(200)
        #expect(engine.poll(sid).status == 400)
        #expect(engine.application.take().last == "closed pingTimeout")
    }

    @Test("version 3 pings itself and is answered with the same data; without pings it dies")
    func pongs() throws {
        let engine = EngineUnderTest()
        let sid = try engine.open(3)
        for _ in 0..<3 {
            engine.advance(400)
            let poll = engine.poll(sid, 3)
            #expect(engine.post(sid, "3:2hi", 3).status == 200)
            #expect(poll.body == "3:3hi")
        }
        engine.advance(490)
        #expect(engine.application.take().last != "closed pingTimeout")
        engine.advance(10)
        #expect(engine.post(sid, "1:2", 3).status == 400)
        #expect(engine.application.take().last == "closed pingTimeout")
    }

    @Test("a session that is past its time is gone for a request that comes before the clock is looked at")
    func expires() throws {
        for (version, wait) in [(3, 500), (4, 500)] {
            let engine = EngineUnderTest()
            let sid = try engine.open(version)
            engine.advance(wait - 10)
            // Ten milliseconds go by without a tick.
            engine.loop.pass(10)
            #expect(engine.post(sid, version == 3 ? "1:2" : "4a", version).status == 400)
        }
    }

    @Test("nobody may ping or answer in the other direction", arguments: [(3, "1:3"), (4, "2")])
    func direction(version: Int, body: String) throws {
        let engine = EngineUnderTest()
        let sid = try engine.open(version)
        #expect(engine.post(sid, body, version).status == 400)
        #expect(engine.poll(sid, version).status == 400)
        #expect(engine.application.take().last == "closed parseError")
    }

    // MARK: - The client's end

    @Test("the client's close answers the waiting poll with a noop, then the id is unknown", arguments: [3, 4])
    func close(version: Int) throws {
        let engine = EngineUnderTest()
        let sid = try engine.open(version)
        let poll = engine.poll(sid, version)
        let post = engine.post(sid, payload("1", version), version)
        #expect(post.status == 200 && post.body == "ok")
        #expect(poll.status == 200 && poll.body == payload("6", version))
        let later = engine.poll(sid, version)
        #expect(later.status == 400 && later.body == #"{"code":1,"message":"Session ID unknown"}"#)
        #expect(engine.application.take() == ["opened", "writable", "closed clientClosed"])
        #expect(engine.test.hub.connectionCount == 0)
    }

    @Test("a poll that travels beside the close and arrives after it gets the noop too")
    func closeOvertakes() throws {
        let engine = EngineUnderTest()
        let sid = try engine.open()
        let post = engine.post(sid, "1")
        // The application knows at once, the post is answered when the session is gone.
        #expect(engine.application.take().last == "closed clientClosed")
        #expect(post.status == nil)
        #expect(engine.post(sid, "4late").status == 400)
        #expect(engine.poll(sid).body == "6")
        #expect(post.status == 200)
        #expect(engine.poll(sid).status == 400)
    }

    @Test("without a poll the close is done a moment later")
    func closeAlone() throws {
        let engine = EngineUnderTest()
        let sid = try engine.open()
        let post = engine.post(sid, "1")
        // The poll may have been held up on its way.
        engine.advance(90)
        #expect(post.status == nil)
        engine.advance(20)
        #expect(post.status == 200)
        #expect(engine.poll(sid).status == 400)
        #expect(engine.test.hub.connectionCount == 0)
    }

    @Test("a poll that is given up ends the session, an answered one does not")
    func aborted() throws {
        let engine = EngineUnderTest(loops: 2)
        let sid = try engine.open()
        let first = engine.poll(sid, on: 1)
        try engine.session().send(text: "a")
        try engine.session().link.flush()
        engine.test.run()
        first.leave()
        let second = engine.poll(sid, on: 1)
        #expect(second.status == nil)
        second.leave()
        #expect(engine.poll(sid).status == 400)
        #expect(engine.application.take().last == "closed transportError")
    }

    // MARK: - Broken rules

    @Test("two polls at once end the session: close to the first, 400 to the second", arguments: [3, 4])
    func twoPolls(version: Int) throws {
        let engine = EngineUnderTest(loops: 2)
        let sid = try engine.open(version)
        let first = engine.poll(sid, version, on: 0)
        let second = engine.poll(sid, version, on: 1)
        #expect(first.status == 200 && first.body == payload("1", version))
        #expect(second.status == 400)
        #expect(engine.poll(sid, version).status == 400)
    }

    @Test("two posts at once end the session with 400")
    func twoPosts() throws {
        let engine = EngineUnderTest()
        let sid = try engine.open()
        _ = engine.application.take()
        let first = engine.begin("POST", "EIO=4&transport=polling&sid=\(sid)")
        let second = engine.begin("POST", "EIO=4&transport=polling&sid=\(sid)")
        first.finish(Array("4a".utf8))
        second.finish(Array("4b".utf8))
        #expect(first.status == 400 && second.status == 400)
        #expect(engine.application.take() == ["closed transportError"])
    }

    @Test("posts one after the other are fine, and a body that is cut off ends the session")
    func cutPost() throws {
        let engine = EngineUnderTest()
        let sid = try engine.open()
        #expect(engine.post(sid, "4a").status == 200)
        #expect(engine.post(sid, "4b").status == 200)
        engine.begin("POST", "EIO=4&transport=polling&sid=\(sid)").leave()
        #expect(engine.poll(sid).status == 400)
        #expect(engine.application.take().last == "closed transportError")
    }

    @Test("what is no packet ends the session with 400", arguments: ["abc", "", "4a\u{1E}x", "9"])
    func malformed(body: String) throws {
        let engine = EngineUnderTest()
        let sid = try engine.open()
        let poll = engine.poll(sid)
        #expect(engine.post(sid, body).status == 400)
        #expect(poll.body == "1")
        #expect(engine.poll(sid).status == 400)
        #expect(engine.application.take().last == "closed parseError")
    }

    @Test("packets of other types mean nothing on an open session")
    func ignored() throws {
        let engine = EngineUnderTest()
        let sid = try engine.open()
        _ = engine.application.take()
        #expect(engine.post(sid, "0{}\u{1E}5\u{1E}6\u{1E}4a").status == 200)
        #expect(engine.application.take() == ["text a"])
    }

    @Test("a request that says the other version is refused, and the session goes on")
    func otherVersion() throws {
        let engine = EngineUnderTest()
        let sid = try engine.open(4)
        #expect(engine.poll(sid, 3).status == 400)
        #expect(engine.post(sid, "1:2", 3).status == 400)
        #expect(engine.post(sid, "4a", 4).status == 200)
    }

    @Test("one that pings on and on and never polls is cut off, one that polls is not")
    func pingFlood() throws {
        let engine = EngineUnderTest()
        let sid = try engine.open(3)
        let pings = String(repeating: "1:2", count: 1_000)
        for _ in 0..<10 where engine.test.hub.connectionCount == 1 { _ = engine.post(sid, pings, 3) }
        #expect(engine.application.take().last == "closed transportError")
        let other = EngineUnderTest()
        let patient = try other.open(3)
        for _ in 0..<3 {
            #expect(other.post(patient, pings, 3).status == 200)
            for _ in 0..<63 { #expect(other.poll(patient, 3).status == 200) }
        }
    }

    // MARK: - The server's end

    @Test("the server's close comes behind what was written, with the next poll")
    func serverClose() throws {
        let engine = EngineUnderTest()
        let sid = try engine.open()
        try engine.session().send(text: "bye")
        try engine.session().close()
        #expect(engine.application.take().last == "closed serverClosed")
        #expect(engine.post(sid, "4late").status == 400)
        #expect(engine.poll(sid).body == "4bye\u{1E}1")
        #expect(engine.poll(sid).status == 400)
        #expect(engine.test.hub.connectionCount == 0)
    }

    @Test("a close in the middle of a post still answers it")
    func closeInPost() throws {
        let engine = EngineUnderTest()
        let sid = try engine.open()
        let poll = engine.poll(sid)
        engine.application.onText = { session, _ in session.close() }
        #expect(engine.post(sid, "4a\u{1E}4b").status == 200)
        #expect(poll.body == "1")
        #expect(engine.application.take().filter { $0.hasPrefix("text") } == ["text a"])
    }

    @Test("a session that nobody polls any more is forgotten after the server's close")
    func forgotten() throws {
        let engine = EngineUnderTest()
        let sid = try engine.open()
        try engine.session().close()
        engine.advance(490)
        #expect(engine.test.hub.connectionCount == 1)
        engine.advance(30)
        #expect(engine.test.hub.connectionCount == 0)
        #expect(engine.poll(sid).status == 400)
    }

    @Test("when the server stops the waiting poll is told, and the others within a second")
    func shutdown() throws {
        let engine = EngineUnderTest()
        let sid = try engine.open()
        let poll = engine.poll(sid)
        engine.test.hub.shutDown()
        engine.test.run()
        #expect(poll.body == "1")
        #expect(engine.application.take().suffix(2) == ["shutDown", "closed serverClosed"])
        #expect(engine.request("GET", "EIO=4&transport=polling").status == 503)
        let other = EngineUnderTest { $0.pingInterval = 25_000 }
        _ = try other.open()
        other.test.hub.shutDown()
        other.advance(1_100)
        #expect(other.test.hub.connectionCount == 0)
    }

    @Test("abort and abandon end it at once")
    func abort() throws {
        let engine = EngineUnderTest()
        let sid = try engine.open()
        let poll = engine.poll(sid)
        engine.test.hub.abandon()
        engine.test.run()
        #expect(poll.status == 200 && engine.test.hub.connectionCount == 0)
        #expect(engine.application.take().last == "closed serverClosed")
    }

    @Test("past the hub's connections a handshake gets 503, and a session counts once")
    func connections() throws {
        let engine = EngineUnderTest(maxConnections: 1)
        let sid = try engine.open()
        let socket = try engine.connect(sid: sid)
        #expect(engine.test.hub.connectionCount == 1)
        let refused = engine.request("GET", "EIO=4&transport=polling")
        #expect(refused.status == 503 && refused.header("Retry-After") == "5")
        #expect(throws: TestFailure.self) { try engine.connect() }
        socket.send("2probe")
        socket.send("5")
        #expect(engine.test.hub.connectionCount == 1)
        socket.disconnect()
        #expect(engine.test.hub.connectionCount == 0)
    }

    @Test("a session that has ended is not kept in memory")
    func forgets() throws {
        let engine = EngineUnderTest(loops: 2)
        weak var session: EngineSession?
        do {
            let sid = try engine.open()
            session = try engine.session()
            let socket = try engine.connect(sid: sid, on: 1)
            socket.send("2probe")
            socket.send("5")
            _ = engine.post(sid, "4x")
            socket.disconnect()
            engine.application.forgetSession()
        }
        engine.test.run()
        #expect(session == nil)
    }
}
