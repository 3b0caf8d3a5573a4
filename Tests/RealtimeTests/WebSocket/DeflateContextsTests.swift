import Realtime
import Testing

struct DeflateContextsTests {
    /// Payloads that compress well, badly and not at all, among them some longer than every window.
    private static func payloads(_ random: inout SeededGenerator) -> [[UInt8]] {
        let words = ["progress", "task", "{\"type\":", "0b1e", ",\"offset\":", "\u{E9}", "12", "running"]
        return [1, 3, 100, 400, 3_000, 40_000].map { count in
            var text: [UInt8] = []
            while text.count < count { text += Array((words.randomElement(using: &random) ?? "").utf8) }
            return text
        } + [random.bytes(300), random.bytes(9_000), [UInt8](repeating: 0, count: 70_000)]
    }

    @Test(
        "Compressed messages arrive unchanged in all modes and windows",
        arguments: [8, 9, 10, 12, 15],
        [
            (false, false), (true, false), (false, true), (true, true),
        ]
    )
    func roundTrip(bits: Int, noTakeover: (server: Bool, client: Bool)) {
        let seed = UInt64(bits)
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let agreed = PerMessageDeflate.Agreed(
            serverNoContextTakeover: noTakeover.server,
            clientNoContextTakeover: noTakeover.client,
            serverMaxWindowBits: bits,
            clientMaxWindowBits: 23 - bits
        )
        let contexts = DeflateContexts(settings: PerMessageDeflate.Settings(threshold: 1))
        for role in [WebSocketRole.client, .server] {
            var sender = WebSocketPeer(role, compression: agreed, contexts: contexts)
            var receiver = WebSocketPeer(role == .client ? .server : .client, compression: agreed, contexts: contexts)
            // Twice, so that with takeover there is something to refer to.
            let payloads = Self.payloads(&random)
            for payload in payloads + payloads { sender.send(.binary, payload) }
            let bytes = sender.takeOutput()
            receiver.receive(bytes, chunks: Chunkings.random(of: bytes.count, using: &random))
            #expect(receiver.events == (payloads + payloads).map { .binary($0) })
            #expect(bytes.count < 2 * payloads.map(\.count).reduce(0, +))
        }
    }

    @Test("Context takeover makes a repeated message shorter, and without it it stays the same")
    func takeover() {
        let payload = Array("{\"type\":\"task.progress\",\"task\":\"0b1e6c2a\",\"current\":3,\"total\":10}".utf8)
        for noTakeover in [false, true] {
            let agreed = PerMessageDeflate.Agreed(serverNoContextTakeover: noTakeover)
            let contexts = DeflateContexts(settings: PerMessageDeflate.Settings(threshold: 0))
            var peer = WebSocketPeer(.server, compression: agreed, contexts: contexts)
            peer.send(.text, payload)
            let first = peer.takeOutput()
            peer.send(.text, payload)
            #expect(noTakeover ? peer.output == first : peer.output.count < first.count / 3)
            #expect(peer.connection.holdsCompressionState == !noTakeover)
        }
    }

    @Test("One shared compressed frame is read by connections of differing agreements")
    func shared() {
        let contexts = DeflateContexts(settings: PerMessageDeflate.Settings(threshold: 0))
        let payload = Array(String(repeating: "the same for everyone ", count: 500).utf8)
        let compressed = payload.withUnsafeBytes { contexts.compressShared($0, windowBits: 9) }
        #expect(compressed.count < payload.count / 10)
        for bits in 9...15 {
            for noTakeover in [false, true] {
                let agreed = PerMessageDeflate.Agreed(
                    serverNoContextTakeover: noTakeover,
                    serverMaxWindowBits: bits
                )
                var server = WebSocketPeer(.server, compression: agreed, contexts: contexts)
                var client = WebSocketPeer(.client, compression: agreed)
                #expect(server.connection.sharedWindowBits == bits)
                // Own messages before and after: with takeover both ends' windows must still agree.
                server.send(.text, Array("my own message, my own message".utf8))
                compressed.withUnsafeBytes { FrameEncoder.encode(.text, $0, rsv1: true, into: &server.output) }
                server.connection.sharedFrameSent()
                server.send(.text, Array("my own message, my own message".utf8))
                client.receive(server.takeOutput())
                #expect(
                    client.events == [
                        .text("my own message, my own message"),
                        .text(String(decoding: payload, as: UTF8.self)),
                        .text("my own message, my own message"),
                    ]
                )
            }
        }
    }

    @Test("A shared empty message is one byte and is read as empty")
    func sharedEmpty() {
        let contexts = DeflateContexts()
        let compressed = [UInt8]().withUnsafeBytes { contexts.compressShared($0, windowBits: 15) }
        #expect(compressed == [0x00])
        var client = WebSocketPeer(.client, compression: PerMessageDeflate.Agreed())
        client.receive(Wire.frame(2, compressed, rsv: 4, masked: false))
        #expect(client.events == [.binary([])])
    }

    @Test("Without compression there is no shared window")
    func none() {
        #expect(WebSocketPeer().connection.sharedWindowBits == nil)
    }

    @Test("A window of 8 bits is never looked back beyond", arguments: [1, 6, 9])
    func smallestWindow(level: Int) {
        // The receiver's decompressor has a window of exactly 256 bytes and gets its input bytewise, so a
        // reference further back would find nothing there.
        let agreed = PerMessageDeflate.Agreed(serverMaxWindowBits: 8)
        let contexts = DeflateContexts(settings: PerMessageDeflate.Settings(level: level, threshold: 0))
        var random = SeededGenerator(seed: 8)
        var payload = random.bytes(251)
        for _ in 0..<40 { payload += payload[(payload.count - 251)...].prefix(Int.random(in: 1...251, using: &random)) }
        var server = WebSocketPeer(.server, compression: agreed, contexts: contexts)
        var client = WebSocketPeer(.client, compression: agreed)
        server.send(.binary, payload)
        server.send(.binary, payload)
        let bytes = server.takeOutput()
        client.receive(bytes, chunks: Array(repeating: 1, count: bytes.count))
        #expect(client.events == [.binary(payload), .binary(payload)])
    }
}
