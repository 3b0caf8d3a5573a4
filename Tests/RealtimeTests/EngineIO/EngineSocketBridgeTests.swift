import Domain
import Testing

@testable import Realtime

/// A WebSocket on another loop than its session: order, bursts, and a side that does not keep up.
struct EngineSocketBridgeTests {
    /// An engine with a session on loop 0 whose socket is on loop 1.
    private func bridged() throws -> (EngineUnderTest, EngineSession, EngineSocketClient) {
        let engine = EngineUnderTest(loops: 2)
        let sid = try engine.open()
        let client = try engine.connect(sid: sid, on: 1)
        client.send("2probe")
        client.send("5")
        _ = client.take()
        _ = engine.application.take()
        return (engine, try engine.session(), client)
    }

    private func frame(_ text: String) -> Bytes {
        MessageEncoder.engineIO(text: Array(text.utf8), format: .engineIOWebSocket(.v4))
    }

    @Test("bytes and packets keep their order, and a burst crosses in one go")
    func order() throws {
        let (engine, session, client) = try bridged()
        let flushes = client.link.flushes
        for number in 0..<50 {
            session.link.write(frame("\(number)"))
            session.link.flush()
        }
        engine.test.run()
        #expect(client.take() == (0..<50).map { "4\($0)" })
        #expect(client.link.flushes == flushes + 1)
        client.session.receive((0..<50).flatMap { client.frames.encode("4\($0)") })
        engine.test.run()
        #expect(engine.application.take() == (0..<50).map { "text \($0)" })
    }

    @Test("a socket that takes nothing stops the session, and lets it go on when it takes again")
    func slowReader() throws {
        let (engine, session, client) = try bridged()
        client.link.stall()
        let piece = frame(String(repeating: "x", count: 10_000))
        var written = 0
        while session.link.isWritable, written < 1_000 {
            session.link.write(piece)
            session.link.flush()
            engine.test.run()
            written += 1
        }
        #expect(written == 14)
        _ = engine.application.take()
        engine.test.run()
        #expect(!session.link.isWritable)
        client.link.release()
        engine.test.run()
        #expect(session.link.isWritable)
        #expect(engine.application.take() == ["writable"])
        #expect(client.take().count == 14)
    }

    @Test("a session's loop that lags behind stops the reading of the socket")
    func slowSession() throws {
        let (engine, session, client) = try bridged()
        let frame = client.frames.encode("4" + String(repeating: "x", count: 10_000))
        var sent = 0
        while client.link.isReading, sent < 1_000 {
            client.session.receive(frame)
            sent += 1
        }
        #expect(sent == 14)
        engine.test.run()
        #expect(client.link.isReading)
        #expect(engine.application.take().count == 14)
        // What the session itself wants is not forgotten.
        session.link.isReading = false
        engine.test.run()
        for _ in 0..<14 { client.session.receive(frame) }
        engine.test.run()
        #expect(!client.link.isReading)
        session.link.isReading = true
        engine.test.run()
        #expect(client.link.isReading)
    }

    @Test("the session's close arrives behind its last bytes, its abort at once")
    func closes() throws {
        let (engine, session, client) = try bridged()
        session.send(text: "bye")
        session.close()
        engine.test.run()
        #expect(client.take() == ["4bye"] && client.frames.isClosed)
        #expect(engine.application.take() == ["closed serverClosed"])
        // The slot is held until the connection is gone.
        #expect(engine.test.hub.connectionCount == 1)
        client.disconnect()
        #expect(engine.test.hub.connectionCount == 0)
        let (other, aborted, third) = try bridged()
        aborted.abort()
        other.test.run()
        #expect(third.link.isClosed)
    }

    @Test("nothing happens to a session that has ended while packets were under way")
    func crossing() throws {
        let (engine, session, client) = try bridged()
        client.session.receive(client.frames.encode("4late"))
        session.abort()
        engine.test.run()
        #expect(engine.application.take() == ["closed serverClosed"])
        session.link.write(frame("x"))
        session.link.flush()
        engine.test.run()
    }
}
