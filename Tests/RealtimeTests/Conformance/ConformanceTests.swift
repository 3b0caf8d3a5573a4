import Domain
import Testing

@testable import Realtime

/// The paths for conformance suites: everything comes back, or goes to all others.
struct ConformanceTests {
    private func connect(_ endpoint: any Endpoint, _ test: TestHub, on index: Int = 0) throws -> ScriptedClient {
        let request = Handshake.request(host: "h", target: endpoint.paths[0], key: Handshake.randomKey())
        guard case .accept(_, let session) = endpoint.admit(request, shard: test.hub.shards[index]) else {
            throw TestFailure("refused")
        }
        return ScriptedClient(session, loop: test.loops[index])
    }

    private func texts(_ client: ScriptedClient) -> [String] {
        client.frames.read(client.link.take()).map { String(decoding: $0, as: UTF8.self) }
    }

    // MARK: - Echo

    @Test("every message comes back as it came, a burst in one write")
    func echo() throws {
        let test = TestHub()
        let client = try connect(EchoEndpoint(path: "/echo", maxPayload: 1_000), test)
        client.send(
            bytes: client.frames.encode("a") + client.frames.encode([0xFF], .binary) + client.frames.encodePing()
        )
        #expect(client.frames.read(client.link.take()) == [[0x61], [0xFF]])
        #expect(client.frames.pongs == 1 && client.link.writes == 1)
        client.send(bytes: client.frames.encode(String(repeating: "x", count: 1_001)))
        _ = texts(client)
        #expect(client.frames.closeCode == 1009 && client.link.isClosed)
        client.disconnect()
        #expect(test.hub.connectionCount == 0)
    }

    @Test("a client that does not read its echoes is not read")
    func echoBackPressure() throws {
        let client = try connect(EchoEndpoint(path: "/echo", maxPayload: 1_000), TestHub())
        client.link.stall()
        client.send("a")
        #expect(!client.link.isReading)
        client.link.release()
        #expect(client.link.isReading)
    }

    @Test("at shutdown it says 1001, and ends when that is not answered")
    func shutdown() throws {
        let test = TestHub()
        let endpoint = FanoutEndpoint(path: "/fanout", maxPayload: 1_000, hub: test.hub)
        let clients = try [connect(EchoEndpoint(path: "/echo", maxPayload: 1_000), test), connect(endpoint, test)]
        test.hub.shutDown()
        test.run()
        for client in clients {
            _ = texts(client)
            #expect(client.frames.closeCode == 1001)
        }
        test.loop.advance(5_200)
        for client in clients { #expect(client.link.isClosed) }
        let request = Handshake.request(host: "h", target: "/echo", key: Handshake.randomKey())
        guard case .refuse(let refusal) = endpoint.admit(request, shard: test.hub.shards[0]) else {
            throw TestFailure("admitted")
        }
        #expect(refusal.status == 503)
    }

    // MARK: - Fan-out

    @Test("what one sends goes to all others on all loops, in order, and not to itself")
    func fanOut() throws {
        let test = TestHub(loops: 2)
        let endpoint = FanoutEndpoint(path: "/fanout", maxPayload: 1_000, hub: test.hub)
        let clients = try (0..<6).map { try connect(endpoint, test, on: $0 % 2) }
        // Two senders in one burst of their loop.
        for number in 0..<20 {
            clients[0].session.receive(clients[0].frames.encode("a\(number)"))
            clients[2].session.receive(clients[2].frames.encode("b\(number)"))
        }
        test.run()
        let a = (0..<20).map { "a\($0)" }
        let b = (0..<20).map { "b\($0)" }
        #expect(texts(clients[0]) == b)
        #expect(texts(clients[2]) == a)
        for index in [1, 3, 4, 5] {
            let heard = texts(clients[index])
            #expect(heard == zip(a, b).flatMap { [$0, $1] })
            #expect(clients[index].link.writes == 1)
        }
    }

    @Test("one that does not read holds up nobody, loses nothing, and is closed with 1008 in the end")
    func slowMember() throws {
        let test = TestHub()
        let endpoint = FanoutEndpoint(path: "/fanout", maxPayload: 1 << 20, hub: test.hub)
        let sender = try connect(endpoint, test)
        let slow = try connect(endpoint, test)
        let quick = try connect(endpoint, test)
        slow.link.stall()
        for number in 0..<100 { sender.send("\(number)") }
        #expect(texts(quick).count == 100)
        #expect(texts(slow).isEmpty)
        slow.link.release()
        #expect(texts(slow) == (0..<100).map(String.init))
        slow.link.stall()
        let frame = sender.frames.encode(Array(repeating: 0x78, count: 1 << 20))
        for _ in 0..<65 where !slow.frames.isClosed {
            sender.send(bytes: frame)
            _ = quick.link.take()
            _ = texts(slow)
        }
        #expect(slow.frames.closeCode == 1008)
    }

    @Test("one that has left hears nothing and keeps nothing alive")
    func leaves() throws {
        let test = TestHub()
        let endpoint = FanoutEndpoint(path: "/fanout", maxPayload: 1_000, hub: test.hub)
        let sender = try connect(endpoint, test)
        weak var session: (any Session)?
        do {
            let client = try connect(endpoint, test)
            session = client.session
            sender.session.receive(sender.frames.encode("late"))
            client.disconnect()
            #expect(texts(client).isEmpty)
        }
        #expect(session == nil)
        #expect(test.hub.connectionCount == 1)
    }
}
