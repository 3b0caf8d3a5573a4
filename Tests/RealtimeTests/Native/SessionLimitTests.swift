import Domain
import Testing

@testable import Realtime

/// The bounds of contracts/realtime.md §8 as a client meets them, heartbeats and closing.
struct SessionLimitTests {
    @Test("subscriptions are all or nothing")
    func subscriptions() throws {
        let test = TestHub { $0.maxSubscriptions = 3 }
        let client = try test.connect()
        client.send(#"{"type":"subscribe","topics":["app/a","app/b"]}"#)
        _ = client.take()
        #expect(
            client.ask(#"{"type":"subscribe","id":1,"topics":["app/c","app/d"]}"#).map(\.code) == [
                "limit_subscriptions"
            ]
        )
        #expect(client.ask(#"{"type":"subscribe","id":1,"topics":["app/c","bad"]}"#).first?["topic"] == "bad")
        test.say("c", 1)
        test.run()
        #expect(client.take().isEmpty)
        // Those it has do not count twice.
        #expect(client.ask(#"{"type":"subscribe","topics":["app/a","app/b","app/c"]}"#).last?.type == "synced")
    }

    @Test("a message over the limit is thrown away and told, one over 32 MiB closes with 1009")
    func messageSize() throws {
        let test = TestHub { $0.maxMessage = 1_000 }
        let client = try test.connect()
        _ = client.take()
        let padding = String(repeating: "x", count: 1_000)
        let answer = client.ask(#"{"type":"ping","id":1,"x":"\#(padding)"}"#)
        #expect(answer.map(\.code) == ["too_large"])
        #expect(answer.first?["id"] == nil)
        #expect(client.ask(#"{"type":"ping"}"#).map(\.type) == ["pong"])
        // The header alone says that it is too long.
        client.send(bytes: [0x81, 0xFF, 0, 0, 0, 0, 2, 0, 0, 1, 1, 2, 3, 4])
        _ = client.take()
        #expect(client.frames.closeCode == 1009)
        #expect(client.link.isClosed)
    }

    @Test("a worker may send up to 17 MiB, in the very burst of its hello too")
    func workerMessageSize() throws {
        let test = TestHub()
        let client = try test.connect()
        _ = client.take()
        let long = #"{"type":"ping","x":"\#(String(repeating: "x", count: 300_000))"}"#
        client.send(all: [#"{"type":"hello","name":"w","capabilities":[],"slots":1}"#, long])
        #expect(client.takeTypes() == ["ready", "pong"])
        let other = try test.connect()
        _ = other.take()
        other.send(all: [#"{"type":"hello","name":"w","kind":"script"}"#, long])
        #expect(other.take().map { $0.code ?? $0.type } == ["ready", "too_large"])
    }

    @Test("a hundred errors in ten seconds are answered, one more closes with 1008")
    func errors() throws {
        let test = TestHub { $0.pingInterval = 1_000_000 }
        let client = try test.connect()
        _ = client.take()
        for _ in 0..<100 { client.send("x") }
        #expect(client.take().count == 100)
        test.loop.advance(10_000)
        for _ in 0..<100 { client.send("x") }
        #expect(!client.frames.isClosed)
        client.send(all: ["x", #"{"type":"ping"}"#])
        #expect(client.takeTypes().suffix(1) == ["error"])
        #expect(client.frames.closeCode == 1008)
    }

    @Test("past the rate messages wait, none is lost, and one notice comes in ten seconds")
    func rate() throws {
        let test = TestHub {
            $0.messageRate = 100
            $0.pingInterval = 1_000_000
        }
        let client = try test.connect()
        _ = client.take()
        client.send(all: (0..<700).map { #"{"type":"ping","id":\#($0)}"# })
        let first = client.take()
        #expect(first.count == 201)
        #expect(first.last?.code == "rate_limited")
        #expect(!client.link.isReading)
        test.loop.advance(1_000)
        let second = client.take()
        #expect(second.map(\.type) == Array(repeating: "pong", count: 100))
        test.loop.advance(2_000)
        #expect(client.link.isReading)
        test.loop.advance(7_000)
        #expect((first.dropLast() + second + client.take()).map { $0["id"]?.int } == (0..<700).map { $0 })
        client.send(all: (0..<600).map { _ in #"{"type":"ping"}"# })
        #expect(client.take().filter { $0.code == "rate_limited" }.count == 1)
    }

    @Test("a binary message closes with 1003 at once")
    func binary() throws {
        let client = try TestHub().connect()
        client.send(bytes: client.frames.encode([1, 2], .binary))
        _ = client.take()
        #expect(client.frames.closeCode == 1003)
        #expect(client.link.isClosed)
    }

    // MARK: - Heartbeats

    @Test("a silent client is pinged, and closed with 4408 when it does not answer")
    func heartbeat() throws {
        let test = TestHub {
            $0.pingInterval = 1_000
            $0.pingTimeout = 500
        }
        let client = try test.connect()
        test.loop.advance(900)
        _ = client.take()
        #expect(client.frames.pings == 0)
        test.loop.advance(200)
        _ = client.take()
        #expect(client.frames.pings == 1)
        // The client's protocol layer answers.
        client.send(bytes: client.frames.reply)
        test.loop.advance(900)
        _ = client.take()
        #expect(client.frames.pings == 1)
        test.loop.advance(800)
        _ = client.take()
        #expect(client.frames.pings == 2 && client.frames.closeCode == 4408)
        #expect(client.link.isClosed)
    }

    @Test("any frame counts as a sign of life")
    func signsOfLife() throws {
        let test = TestHub {
            $0.pingInterval = 1_000
            $0.pingTimeout = 500
        }
        let client = try test.connect()
        for _ in 0..<10 {
            test.loop.advance(800)
            client.send(bytes: client.frames.encodePing())
        }
        _ = client.take()
        #expect(client.frames.pings == 0 && client.frames.pongs == 10)
    }

    @Test("a client that waits for us is not taken for dead")
    func waiting() async throws {
        let test = TestHub {
            $0.pingInterval = 1_000
            $0.pingTimeout = 500
        }
        let client = try test.connect()
        client.send(#"{"type":"task.cancel","id":1,"task":"t"}"#)
        await test.tasks.waitForCall()
        client.send(all: (0..<300).map { _ in #"{"type":"ping"}"# })
        #expect(!client.link.isReading)
        test.loop.advance(60_000)
        #expect(!client.link.isClosed)
        test.tasks.answerCancel()
        await test.loop.runNext()
        #expect(client.takeTypes().filter { $0 == "pong" }.count == 300)
        #expect(client.link.isReading)
    }

    // MARK: - Closing

    @Test("at shutdown every client is told 1001, and none is let in any more")
    func shutdown() throws {
        let test = TestHub()
        let late = try #require(test.hub.admit())
        let client = try test.connect()
        let stream = try test.stream([.tasks])
        test.hub.shutDown()
        test.run()
        _ = client.take()
        #expect(client.frames.closeCode == 1001)
        #expect(!client.link.isClosed)
        client.send(bytes: client.frames.reply)
        #expect(client.link.isClosed)
        #expect(stream.link.isClosed)
        #expect(test.hub.admit() == nil)
        let session = NativeSession(
            shard: test.hub.shards[0],
            tasks: test.tasks,
            role: .admin,
            compression: nil,
            slot: late
        )
        let second = ScriptedClient(session, loop: test.loop)
        _ = second.take()
        #expect(second.frames.closeCode == 1001)
    }

    @Test("a close frame that is not answered ends the connection after five seconds")
    func closeTimeout() throws {
        let test = TestHub()
        let client = try test.connect()
        test.hub.shutDown()
        test.run()
        test.loop.advance(4_800)
        #expect(!client.link.isClosed)
        test.loop.advance(400)
        #expect(client.link.isClosed)
    }

    @Test("what was said before a close frame of the same burst is done")
    func closeAfterMessages() throws {
        let test = TestHub()
        let watcher = try test.connect()
        watcher.send(#"{"type":"subscribe","topics":["app/x"]}"#)
        _ = watcher.take()
        let client = try test.connect()
        let frames = client.frames
        client.send(
            bytes: frames.encode(#"{"type":"hello","name":"s","kind":"script"}"#)
                + frames.encode(#"{"type":"publish","topic":"app/x","data":1}"#) + frames.encodeClose(.normalClosure)
        )
        #expect(watcher.takeTypes() == ["app.message"])
        _ = client.take()
        #expect(frames.closeCode == 1000)
        #expect(client.link.isClosed)
    }

    @Test("what waits for the task engine when the peer closes is still done")
    func closeWhileBusy() async throws {
        let test = TestHub()
        let client = try test.connect()
        let frames = client.frames
        client.send(
            bytes: frames.encode(#"{"type":"task.cancel","task":"a"}"#)
                + frames.encode(#"{"type":"task.cancel","task":"b"}"#)
                + frames.encodeClose(.normalClosure)
        )
        await test.tasks.waitForCall()
        #expect(!client.link.isClosed)
        test.tasks.answerCancel()
        await test.loop.runNext()
        await test.tasks.waitForCall()
        test.tasks.answerCancel()
        await test.loop.runNext()
        #expect(test.tasks.calls == [.cancel("a"), .cancel("b")])
        #expect(client.link.isClosed)
    }
}
