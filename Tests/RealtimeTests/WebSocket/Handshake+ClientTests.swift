import Realtime
import Testing

struct HandshakeClientTests {
    private let key = "dGhlIHNhbXBsZSBub25jZQ=="
    private let good: [(name: String, value: String)] = [
        ("Upgrade", "WebSocket"), ("connection", "keep-alive, upgrade"),
        ("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
    ]

    @Test("What the client asks for, the server accepts, and the client agrees with the answer")
    func agreement() throws {
        for offer in [nil, PerMessageDeflate.Offer()] {
            let key = Handshake.randomKey()
            let request = Handshake.request(
                host: "h",
                target: "/ws",
                key: key,
                subprotocols: ["vitrine.v1"],
                compression: offer
            )
            let policy = HandshakePolicy(subprotocols: .oneOf(["vitrine.v1"]), compression: .shared)
            guard
                case .accept(let headers, let subprotocol, let compression) = Handshake.answer(request, policy: policy)
            else {
                Issue.record("refused")
                continue
            }
            let result = try Handshake.verify(
                status: 101,
                headers: headers,
                key: key,
                subprotocols: ["vitrine.v1"],
                compression: offer
            )
            #expect(result.subprotocol == "vitrine.v1" && subprotocol == "vitrine.v1")
            #expect(result.compression == compression)
            #expect((compression == nil) == (offer == nil))
        }
    }

    @Test("An answer that breaks a rule is refused with that rule")
    func mismatches() {
        for (changes, status, expected): ([(name: String, value: String?)], Int, HandshakeMismatch) in [
            ([], 200, .status(200)), ([("Upgrade", nil)], 101, .upgrade), ([("Upgrade", "h2c")], 101, .upgrade),
            ([("Connection", nil)], 101, .connection), ([("Connection", "close")], 101, .connection),
            ([("Sec-WebSocket-Accept", nil)], 101, .accept), ([("Sec-WebSocket-Accept", "x")], 101, .accept),
            ([("Sec-WebSocket-Protocol", "other")], 101, .subprotocol),
            ([("Sec-WebSocket-Extensions", "permessage-deflate")], 101, .extensions),
            ([("Sec-WebSocket-Extensions", ";")], 101, .extensions),
        ] {
            var headers = good
            for (name, value) in changes {
                headers.removeAll { $0.name.lowercased() == name.lowercased() }
                if let value { headers.append((name, value)) }
            }
            #expect(throws: expected) {
                try Handshake.verify(status: status, headers: headers, key: key, subprotocols: ["ours"])
            }
        }
    }

    @Test("The request is written as HTTP")
    func encoding() {
        let request = Handshake.request(host: "h:1", target: "/ws?a", key: key, headers: [("X-More", "1")])
        #expect(
            String(decoding: request.encoded, as: UTF8.self)
                == "GET /ws?a HTTP/1.1\r\nHost: h:1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: \(key)\r\nSec-WebSocket-Version: 13\r\nX-More: 1\r\n\r\n"
        )
    }

    @Test("Random keys are valid and differ")
    func keys() {
        let keys = (0..<50).map { _ in Handshake.randomKey() }
        #expect(Set(keys).count == 50)
        for key in keys {
            let request = Handshake.request(host: "h", target: "/", key: key)
            guard case .accept = Handshake.answer(request, policy: HandshakePolicy()) else {
                Issue.record("refused \(key)")
                continue
            }
        }
    }
}
