import Realtime
import Testing

struct WebSocketConnectionSendingTests {
    @Test("A server sends unmasked, a client masked with the key it was given")
    func masks() {
        var server = WebSocketPeer(.server)
        server.send(.text, Array("Hello".utf8))
        #expect(server.output == Wire.text("Hello", masked: false))
        var client = WebSocketPeer(.client)
        client.send(.binary, [0, 0, 0, 0, 0])
        #expect(client.output == [0x82, 0x85, 0x78, 0x56, 0x34, 0x12, 0x78, 0x56, 0x34, 0x12, 0x78])
    }

    @Test("A client asks for a new key for each frame")
    func keys() {
        var keys: [UInt32] = [1, 2, 3]
        let connection = WebSocketConnection(role: .client, maskKeys: { keys.removeFirst() })
        var output: [UInt8] = []
        for _ in 0..<3 { _ = [UInt8]([0]).withUnsafeBytes { connection.send(.text, $0, output: &output) } }
        #expect(output.enumerated().filter { $0.offset % 7 == 2 }.map(\.element) == [1, 2, 3])
    }

    @Test("Only text and binary are messages")
    func opcodes() {
        for opcode in Opcode.allCases {
            var peer = WebSocketPeer()
            let isMessage = opcode == .text || opcode == .binary
            let isSent = peer.send(opcode, [0x61])
            #expect(isSent == isMessage)
            #expect(peer.output.isEmpty == !isMessage)
        }
    }

    @Test("Pings and pongs are sent up to 125 bytes")
    func controlFrames() {
        for count in [0, 125, 126] {
            let payload = [UInt8](repeating: 7, count: count)
            var peer = WebSocketPeer()
            let isPingSent = payload.withUnsafeBytes { peer.connection.ping($0, output: &peer.output) }
            let isPongSent = payload.withUnsafeBytes { peer.connection.pong($0, output: &peer.output) }
            #expect(isPingSent == (count < 126) && isPongSent == (count < 126))
            let expected = Wire.frame(9, payload, masked: false) + Wire.frame(10, payload, masked: false)
            #expect(peer.output == (count < 126 ? expected : []))
        }
    }

    @Test("Messages are compressed from the threshold on, and only if that makes them shorter")
    func threshold() {
        let agreed = PerMessageDeflate.Agreed(serverNoContextTakeover: true)
        let contexts = DeflateContexts(settings: PerMessageDeflate.Settings(threshold: 100))
        for (payload, isCompressed) in [
            ([UInt8](repeating: 0x61, count: 99), false), ([UInt8](repeating: 0x61, count: 100), true),
            (
                {
                    var random = SeededGenerator(seed: 3)
                    return random.bytes(200)
                }(), false
            ), ([], false),
        ] {
            var peer = WebSocketPeer(.server, compression: agreed, contexts: contexts)
            peer.send(.binary, payload)
            #expect(peer.output.first == (isCompressed ? 0xC2 : 0x82))
            if !isCompressed { #expect(peer.output == Wire.frame(2, payload, masked: false)) }
        }
    }
}
