import Domain
import Testing

@testable import Realtime

/// Sessions by polling (contracts/socketio.md §2).
struct EngineSessionPollingTests {
    @Test("the handshake tells exactly five things, and comes before what the application says", arguments: [3, 4])
    func handshake(version: Int) throws {
        let engine = EngineUnderTest()
        engine.application.onOpened = { $0.send(text: "0") }
        let answer = engine.request("GET", "EIO=\(version)&transport=polling&x=1")
        let sid = try engine.session().id
        let packet =
            #"0{"sid":"\#(sid)","upgrades":["websocket"],"pingInterval":300,"pingTimeout":200,"maxPayload":1000000}"#
        #expect(answer.body == (version == 4 ? "\(packet)\u{1E}40" : "\(packet.utf8.count):\(packet)2:40"))
        #expect(answer.header("Content-Type") == "text/plain; charset=UTF-8")
        #expect(answer.header("Cache-Control") == "no-store")
        #expect(sid.utf8.count == 20)
        #expect(try engine.session().target["x"] == "1")
        #expect(try engine.session().address == "192.0.2.1")
        #expect(engine.test.hub.connectionCount == 1)
    }

    @Test("what is posted reaches the application, what is sent waits for the next poll")
    func messages() throws {
        let engine = EngineUnderTest()
        let sid = try engine.open()
        _ = engine.application.take()
        let answer = engine.post(sid, "4hello\u{1E}bAQI=\u{1E}4é😀")
        #expect(answer.status == 200 && answer.body == "ok" && answer.header("Content-Type") == "text/html")
        #expect(engine.application.take() == ["text hello", "binary [1, 2]", "text é😀"])
        let session = try engine.session()
        session.send(text: "a")
        session.send(binary: [1, 2])
        session.link.flush()
        #expect(engine.poll(sid).body == "4a\u{1E}bAQI=")
    }

    @Test("a poll waits until something is flushed, and gets it at once")
    func waits() throws {
        let engine = EngineUnderTest()
        let sid = try engine.open()
        let poll = engine.poll(sid)
        #expect(poll.status == nil)
        let session = try engine.session()
        session.link.write(MessageEncoder.engineIO(text: Array("a".utf8), format: session.format))
        session.link.write(MessageEncoder.engineIO(text: Array("b".utf8), format: session.format))
        #expect(poll.status == nil)
        session.link.flush()
        #expect(poll.status == 200 && poll.body == "4a\u{1E}4b")
    }

    @Test("version 3 gets its own payloads, binary ones only when the client takes them")
    func version3() throws {
        for (more, expected) in [
            ("&b64=1", Array("2:4a10:b4AQIDBA==".utf8)), ("", [0, 2, 255, 52, 97, 1, 5, 255, 4, 1, 2, 3, 4]),
        ] as [(String, [UInt8])] {
            let engine = EngineUnderTest()
            let sid = try engine.open(3, more: more)
            _ = engine.application.take()
            #expect(engine.post(sid, "2:4x10:b4AQIDBA==", 3).body == "ok")
            #expect(engine.application.take() == ["text x", "binary [1, 2, 3, 4]"])
            try engine.session().send(text: "a")
            try engine.session().send(binary: [1, 2, 3, 4])
            let poll = engine.poll(sid, 3)
            #expect(poll.bytes == expected)
            #expect((poll.header("Content-Type") == "application/octet-stream") == more.isEmpty)
        }
    }

    @Test("version 3 takes binary bodies, by their content type")
    func version3Binary() throws {
        let engine = EngineUnderTest()
        let sid = try engine.open(3)
        _ = engine.application.take()
        let headers = [(name: "Content-Type", value: "application/octet-stream")]
        let query = "EIO=3&transport=polling&sid=\(sid)"
        let body: [UInt8] = [0, 2, 255, 52, 120, 1, 2, 255, 4, 9]
        #expect(engine.request("POST", query, body: body, headers: headers).body == "ok")
        #expect(engine.application.take() == ["text x", "binary [9]"])
        let other = EngineUnderTest()
        let newer = try other.open(4)
        let refused = other.request("POST", "EIO=4&transport=polling&sid=\(newer)", body: body, headers: headers)
        #expect(refused.status == 400)
    }

    @Test("scripts get calls, and their forms are read")
    func scripts() throws {
        let engine = EngineUnderTest()
        let answer = engine.request("GET", "EIO=3&transport=polling&j=7x")
        #expect(answer.body.hasPrefix("___eio[7](\""))
        #expect(answer.header("Content-Type") == "text/javascript; charset=UTF-8")
        let sid = try engine.session().id
        _ = engine.application.take()
        #expect(engine.post(sid, "d=4%3A4a%5Cnb", 3, more: "&j=8").body == "ok")
        #expect(engine.application.take() == ["text a\nb"])
        try engine.session().send(binary: [1])
        #expect(engine.poll(sid, 3, more: "&j=8").body == "___eio[8](\"6:b4AQ==\");")
        #expect(engine.post(sid, "x=1", 3, more: "&j=8").status == 400)
    }

    @Test("one answer holds at most sixteen packets, in both versions", arguments: [3, 4])
    func bursts(version: Int) throws {
        let engine = EngineUnderTest()
        let sid = try engine.open(version)
        var bytes = Bytes()
        for number in 10..<50 { bytes.write(text: "4\(number)\u{1E}") }
        try engine.session().link.write(bytes)
        try engine.session().link.flush()
        var counts: [Int] = []
        var all: [EngineIOPacket] = []
        while counts.count < 3 {
            let form: EngineIOPayload.Form = version == 3 ? .v3Text : .v4
            let packets = try EngineIOPayload.decode(engine.poll(sid, version).bytes, form)
            counts.append(packets.count)
            all += packets
        }
        #expect(counts == [16, 16, 8])
        #expect(all == (10..<50).map { .message("\($0)") })
        #expect(engine.poll(sid, version).status == nil)
    }

    @Test("the link is full with sixteen packets, and the application hears when a poll has made room")
    func fullLink() throws {
        let engine = EngineUnderTest()
        let sid = try engine.open()
        let session = try engine.session()
        for number in 0..<16 {
            #expect(session.link.isWritable)
            session.send(text: "\(number)")
        }
        #expect(!session.link.isWritable)
        session.send(text: "16")
        _ = engine.application.take()
        _ = engine.poll(sid)
        #expect(engine.application.take() == ["writable"])
        #expect(engine.poll(sid).body == "416")
        #expect(engine.application.take() == [])
    }

    @Test("a burst into a waiting poll makes room in a turn of its own")
    func fullWhileWaiting() throws {
        let engine = EngineUnderTest()
        let sid = try engine.open()
        let poll = engine.poll(sid)
        let session = try engine.session()
        for _ in 0..<16 { session.send(text: "x") }
        _ = engine.application.take()
        session.link.flush()
        #expect(poll.status == 200)
        #expect(engine.application.take() == [])
        engine.test.run()
        #expect(engine.application.take() == ["writable"])
    }

    @Test("a session that is not to be read leaves the post unanswered, and lives on meanwhile", arguments: [3, 4])
    func backPressure(version: Int) throws {
        let engine = EngineUnderTest()
        let sid = try engine.open(version)
        let session = try engine.session()
        engine.application.onText = { session, _ in session.link.isReading = false }
        let post = engine.post(sid, version == 3 ? "2:4a" : "4a", version)
        #expect(post.status == nil)
        #expect(engine.application.take().contains("text a"))
        engine.advance(5_000)
        #expect(!engine.application.take().contains { $0.hasPrefix("closed") })
        session.link.isReading = true
        #expect(post.status == 200 && post.body == "ok")
    }

    @Test("a body over the limit is refused with 413, and the session goes on")
    func tooLarge() throws {
        let engine = EngineUnderTest()
        let sid = try engine.open()
        guard
            case .respond(let exchange) = engine.admit("POST", "EIO=4&transport=polling&sid=\(sid)")
        else { throw TestFailure("refused") }
        #expect(exchange.bodyLimit == 1_000_000)
        #expect(exchange.bodyTooLarge().status == 413)
        exchange.clientLeft()
        #expect(engine.post(sid, "4a").status == 200)
    }

    @Test("requests come on any loop, and are answered on their own")
    func loops() throws {
        let engine = EngineUnderTest(loops: 3)
        let sid = try engine.open(on: 1)
        let poll = engine.poll(sid, on: 2)
        #expect(poll.status == nil)
        engine.application.onText = { session, text in
            session.send(text: text)
            session.link.flush()
        }
        #expect(engine.post(sid, "4a\u{1E}4b", on: 0).status == 200)
        #expect(poll.body == "4a")
        #expect(engine.poll(sid, on: 0).body == "4b")
    }
}
