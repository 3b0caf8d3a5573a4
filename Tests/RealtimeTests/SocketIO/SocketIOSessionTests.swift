import Domain
import Testing

@testable import Realtime

/// One connection, with the behaviour that conformance suites expect (contracts/socketio.md §3, §4).
struct SocketIOSessionTests {
    private func connect(_ test: TestHub, _ version: EngineIOVersion = .v4) throws -> SocketIOClient {
        try test.socketIO(version) { SocketIOEcho() }
    }

    /// Connects and enters the main namespace.
    private func enter(_ test: TestHub) throws -> SocketIOClient {
        let client = try connect(test)
        client.send("0")
        test.loop.advance(100)
        _ = client.take()
        return client
    }

    // MARK: - Order and namespaces

    @Test("CONNECT comes before what the handler of the connection emits, in protocol 5")
    func order5() throws {
        let test = TestHub()
        let client = try connect(test)
        #expect(client.take() == [])
        client.send(#"0{"token":"123"}"#)
        test.loop.advance(100)
        let packets = client.take()
        #expect(packets.count == 2)
        #expect(packets.first?.hasPrefix(#"0{"sid":""#) == true)
        #expect(packets.last == #"2["auth",{"token":"123"}]"#)
        client.send("0/custom,")
        test.loop.advance(100)
        let custom = client.take()
        #expect(custom.first?.hasPrefix(#"0/custom,{"sid":""#) == true)
        #expect(custom.first?.dropFirst(9) != packets.first?.dropFirst(1))
        #expect(custom.last == #"2/custom,["auth",{}]"#)
    }

    @Test("in protocol 4 handshake, CONNECT and the handler's events come unasked, in this order")
    func order4() throws {
        let test = TestHub()
        let client = try connect(test, .v3)
        test.loop.advance(100)
        #expect(client.take() == ["0", #"2["auth",{}]"#])
        #expect(client.enginePackets.count == 1)
        #expect(client.enginePackets.first?.hasPrefix("0{") == true)
        client.send("0/custom")
        test.loop.advance(100)
        #expect(client.take() == ["0/custom,", #"2/custom,["auth",{}]"#])
    }

    @Test("an unknown namespace is refused in each protocol's words")
    func unknownNamespace() throws {
        let test = TestHub()
        let new = try connect(test)
        new.send("0/random,{}")
        #expect(new.take() == [#"4/random,{"message":"Invalid namespace"}"#])
        let old = try connect(test, .v3)
        test.loop.advance(100)
        _ = old.take()
        old.send("0/random")
        #expect(old.take() == [#"4/random,"Invalid namespace""#])
        #expect(!new.link.isClosed && !old.link.isClosed)
    }

    @Test("a namespace that is left is quiet, and the connection stays")
    func leaving() throws {
        let client = try enter(TestHub())
        client.send("0/custom,")
        client.send("1/custom,")
        client.send(#"2["message",1]"#)
        #expect(client.take().dropFirst() == [#"2["message-back",1]"#])
        client.send("0/custom,")
        client.send("1")
        #expect(!client.link.isClosed)
        client.send(#"2/custom,["message",1]"#)
        #expect(!client.link.isClosed)
        client.send(#"2["message",1]"#)
        #expect(client.link.isClosed)
    }

    @Test("what suites wait for comes apart from the answer to CONNECT, and before any other event")
    func apart() throws {
        let test = TestHub { $0.pingInterval = 100 }
        let client = try connect(test)
        test.loop.advance(5)
        client.send("0")
        // Not by the next tick either, which may come at once.
        test.loop.advance(15)
        #expect(client.take().count == 1)
        test.loop.advance(20)
        #expect(client.take() == [#"2["auth",{}]"#])
        client.send("1")
        client.send("0")
        #expect(client.take().count == 1)
        client.send(#"2["message",1]"#)
        #expect(client.take() == [#"2["auth",{}]"#, #"2["message-back",1]"#])
        test.loop.advance(100)
        #expect(client.take() == [])
    }

    // MARK: - Events

    @Test("events come back with the same arguments, text as text and binary as binary")
    func echo() throws {
        let client = try enter(TestHub())
        client.send(#"2["message",1,"2",{"3":[true]},"é😀"]"#)
        #expect(client.take() == [#"2["message-back",1,"2",{"3":[true]},"é😀"]"#])
        client.send(#"52-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#)
        client.send(binary: [1, 2, 3])
        #expect(client.take() == [])
        client.send(binary: [4])
        #expect(
            client.take() == [#"52-["message-back",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#]
        )
        #expect(client.attachments == [[1, 2, 3], [4]])
    }

    @Test("an event that asks for it is acknowledged with the same arguments, under its id")
    func acknowledgements() throws {
        let client = try enter(TestHub())
        client.send(#"2456["message-with-ack",1,"2",{"3":[false]}]"#)
        #expect(client.take() == [#"3456[1,"2",{"3":[false]}]"#])
        client.send(#"51-0["message-with-ack",{"_placeholder":true,"num":0}]"#)
        client.send(binary: [7])
        #expect(client.take() == [#"61-0[{"_placeholder":true,"num":0}]"#])
        #expect(client.attachments == [[7]])
        client.send(#"2["message-with-ack",1]"#)
        #expect(client.take() == [])
    }

    @Test("an acknowledgement that nobody waits for is ignored")
    func unknownAcknowledgement() throws {
        let client = try enter(TestHub())
        client.send("37[1]")
        client.send(#"2["message"]"#)
        #expect(client.take() == [#"2["message-back"]"#])
    }

    @Test("who asks for an acknowledgement gets it once, from the right namespace")
    func asked() throws {
        final class Asking: SocketIOBehaviour {
            let namespaces: Set<String> = ["/", "/a"]
            var answers: [String] = []
            func joined(_ namespace: String, sid: String, auth: JSON?, in session: SocketIOSession) {
                for name in ["x", "y"] {
                    session.emit(name, SocketIOArguments(), in: namespace) { [self] arguments in
                        answers.append("\(namespace) \(name) \(JSON.array(arguments.values).text)")
                    }
                }
            }
            func received(_ event: SocketIOEvent, in session: SocketIOSession) {}
            func left(_ namespace: String, isClean: Bool, in session: SocketIOSession) {}
        }
        nonisolated(unsafe) let behaviour = Asking()
        let client = try TestHub().socketIO { behaviour }
        client.send("0")
        client.send("0/a,")
        #expect(
            client.take().filter { $0.hasPrefix("2") } == [#"20["x"]"#, #"21["y"]"#, #"2/a,0["x"]"#, #"2/a,1["y"]"#]
        )
        for text in ["31[1]", "31[2]", "3/a,0[3]", "39[4]", "30[]"] { client.send(text) }
        #expect(behaviour.answers == ["/ y [1]", "/a x [3]", "/ x []"])
    }

    @Test("acknowledgements that never come do not pile up")
    func neverAcknowledged() {
        var waiting = SocketIOAcknowledgements()
        for _ in 0..<SocketIOAcknowledgements.limit + 1 { _ = waiting.await(in: "/") { _ in } }
        #expect(waiting.take(0, in: "/") == nil)
        #expect(waiting.take(1, in: "/") != nil)
        #expect(waiting.take(1, in: "/") == nil)
        #expect(waiting.take(1, in: "/other") == nil)
        waiting.forget("/")
        #expect(waiting.take(2, in: "/") == nil)
        #expect(waiting.await(in: "/") { _ in } == 0)
    }

    // MARK: - Breaking

    @Test(
        "whoever breaks the protocol is disconnected",
        arguments: [
            "abc", "2{}", #"2abc["message-with-ack",1]"#, #"2["disconnect"]"#, #"2["connect"]"#, "0", "4{}", "5[]",
            #"2/custom,["message"]"#, "1/custom,",
        ]
    )
    func broken(_ text: String) throws {
        let client = try enter(TestHub())
        client.send(text)
        #expect(client.link.isClosed)
    }

    @Test("an attachment without a packet, and a text in between, disconnect")
    func brokenAttachments() throws {
        let test = TestHub()
        let first = try enter(test)
        first.send(binary: [1])
        #expect(first.link.isClosed)
        let second = try enter(test)
        second.send(#"51-["message",{"_placeholder":true,"num":0}]"#)
        second.send(#"2["message"]"#)
        #expect(second.link.isClosed)
        #expect(second.take() == [])
    }

    @Test("who enters no namespace in time is disconnected; who entered one stays")
    func connectTimeout() throws {
        let test = TestHub()
        var configuration = SocketIOConfiguration()
        configuration.connectTimeout = 1_000
        let idle = try test.socketIO(configuration: configuration) { SocketIOEcho() }
        let busy = try test.socketIO(configuration: configuration) { SocketIOEcho() }
        let old = try test.socketIO(.v3, configuration: configuration) { SocketIOEcho() }
        busy.send("0/custom,")
        test.loop.advance(900)
        #expect(!idle.link.isClosed)
        test.loop.advance(200)
        #expect(idle.link.isClosed)
        #expect(!busy.link.isClosed && !old.link.isClosed)
    }

    // MARK: - Bounds

    @Test("past the message rate a client is read slower, and nothing is lost")
    func messageRate() throws {
        let test = TestHub { $0.messageRate = 10 }
        let client = try enter(test)
        for number in 0..<40 { client.send(#"2["message",\#(number)]"#) }
        let early = client.take()
        #expect(early.count == 20)
        test.loop.advance(3_000)
        #expect(early + client.take() == (0..<40).map { #"2["message-back",\#($0)]"# })
    }

    @Test("a client that does not read its answers is not read, and gets them all when it reads")
    func unreadAnswers() throws {
        let client = try enter(TestHub())
        client.link.stall()
        let long = String(repeating: "x", count: 10_000)
        for number in 0..<400 { client.send(#"2["message",\#(number),"\#(long)"]"#) }
        #expect(!client.link.isReading)
        #expect(client.take() == [])
        client.link.release()
        #expect(client.link.isReading)
        #expect(client.takeEvents().map(\.data) == (0..<400).map { .int($0) })
    }

    @Test("nothing keeps a session alive that has closed")
    func noLeaks() throws {
        let test = TestHub()
        weak var session: EngineSession?
        weak var link: RecordingLink?
        do {
            let client = try enter(test)
            session = client.engine
            link = client.link
            #expect(session != nil)
            client.link.stall()
            client.send(#"2["message",1]"#)
            client.disconnect()
        }
        #expect(session == nil)
        #expect(link == nil)
        #expect(test.hub.connectionCount == 0)
        #expect(test.hub.shards[0].sessions.isEmpty)
    }
}
