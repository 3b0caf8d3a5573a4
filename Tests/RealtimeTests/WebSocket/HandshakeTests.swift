import Realtime
import Testing

struct HandshakeTests {
    typealias Headers = [(name: String, value: String)]

    /// The request of RFC 6455 §1.3.
    private static let sample = HandshakeRequest(
        method: "GET",
        target: "/chat",
        headers: [
            ("Host", "server.example.com"),
            ("Upgrade", "websocket"),
            ("Connection", "Upgrade"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ("Origin", "http://example.com"),
            ("Sec-WebSocket-Version", "13"),
        ]
    )

    /// The sample with one header set to some lines, or left out.
    private static func sample(_ name: String, _ values: String...) -> HandshakeRequest {
        var request = sample
        request.headers.removeAll { $0.name.lowercased() == name.lowercased() }
        request.headers += values.map { (name, $0) }
        return request
    }

    private func refusal(
        _ request: HandshakeRequest,
        _ policy: HandshakePolicy = HandshakePolicy()
    ) -> (status: Int, headers: [String: String])? {
        switch Handshake.answer(request, policy: policy) {
        case .accept: return nil
        case .refuse(let status, let headers, let reason):
            #expect(!reason.isEmpty)
            return (status, Dictionary(headers.map { ($0.name, $0.value) }) { $1 })
        }
    }

    private func accepted(
        _ request: HandshakeRequest,
        _ policy: HandshakePolicy = HandshakePolicy()
    ) -> (headers: [String: String], subprotocol: String?, compression: PerMessageDeflate.Agreed?)? {
        switch Handshake.answer(request, policy: policy) {
        case .accept(let headers, let subprotocol, let compression):
            return (Dictionary(headers.map { ($0.name, $0.value) }) { $1 }, subprotocol, compression)
        case .refuse(_, _, let reason):
            Issue.record("refused: \(reason)")
            return nil
        }
    }

    @Test("The example of RFC 6455 §1.3 is accepted with its answer")
    func example() {
        let answer = accepted(Self.sample)
        #expect(
            answer?.headers == [
                "Upgrade": "websocket",
                "Connection": "Upgrade",
                "Sec-WebSocket-Accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
            ]
        )
        #expect(answer?.subprotocol == nil)
        #expect(answer?.compression == nil)
    }

    static let variants: [HandshakeRequest] = [
        sample("upgrade", "WebSocket"), sample("Upgrade", "h2c, websocket"), sample("Upgrade", "h2c", "websocket"),
        sample("UPGRADE", "  websocket\t"), sample("Connection", "keep-alive, UPGRADE"),
        sample("Connection", "keep-alive", "upgrade"), sample("Connection", ",,upgrade,"),
        sample("Content-Length", "0"), sample("sec-websocket-version", " 13 "),
        sample("Sec-WebSocket-Key", " AAAAAAAAAAAAAAAAAAAAAA== "), sample("Sec-WebSocket-Protocol", "a, b", "c"),
        sample("Sec-WebSocket-Extensions", "x; y=\"z\"; q", "unknown"), sample("Host", "[::1]:8080"),
        HandshakeRequest(method: "GET", target: "http://h/p?q", version: (1, 2), headers: sample.headers),
    ]

    @Test("Other ways to say the same are accepted", arguments: variants.indices)
    func acceptsVariant(index: Int) {
        #expect(accepted(Self.variants[index]) != nil)
    }

    static let broken: [(what: String, request: HandshakeRequest)] = [
        ("no Host", sample("Host")), ("two Hosts", sample("Host", "a", "a")), ("empty Host", sample("Host", "")),
        ("HTTP/1.0", HandshakeRequest(method: "GET", target: "/", version: (1, 0), headers: sample.headers)),
        ("HTTP/2", HandshakeRequest(method: "GET", target: "/", version: (2, 0), headers: sample.headers)),
        ("asterisk target", HandshakeRequest(method: "GET", target: "*", headers: sample.headers)),
        ("empty target", HandshakeRequest(method: "GET", target: "", headers: sample.headers)),
        ("fragment", HandshakeRequest(method: "GET", target: "/a#b", headers: sample.headers)),
        ("space in target", HandshakeRequest(method: "GET", target: "/a b", headers: sample.headers)),
        ("malformed Upgrade", sample("Upgrade", "websocket;")),
        ("malformed Connection", sample("Connection", "upgrade close")),
        ("no key", sample("Sec-WebSocket-Key")), ("empty key", sample("Sec-WebSocket-Key", "")),
        ("two keys", sample("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ==")),
        ("15 bytes", sample("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAA")),
        ("17 bytes", sample("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAAA=")),
        ("key not canonical", sample("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZR==")),
        ("key of other letters", sample("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j_Q==")),
        ("key without padding", sample("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ")),
        ("malformed protocols", sample("Sec-WebSocket-Protocol", "a b")),
        ("no protocol in the list", sample("Sec-WebSocket-Protocol", " , ")),
        ("empty protocol header", sample("Sec-WebSocket-Protocol", "")),
        ("protocol twice", sample("Sec-WebSocket-Protocol", "a, a")),
        ("protocol twice in two lines", sample("Sec-WebSocket-Protocol", "a", "b, a")),
        ("malformed extension", sample("Sec-WebSocket-Extensions", "permessage-deflate;")),
        ("parameter without value", sample("Sec-WebSocket-Extensions", "a; b=")),
        ("open quote", sample("Sec-WebSocket-Extensions", "a; b=\"c")),
        ("quoted value that is no token", sample("Sec-WebSocket-Extensions", "a; b=\"c d\"")),
        ("empty quoted value", sample("Sec-WebSocket-Extensions", "a; b=\"\"")),
        ("two extensions without comma", sample("Sec-WebSocket-Extensions", "a b")),
        ("empty extensions", sample("Sec-WebSocket-Extensions", "")),
        ("body", sample("Content-Length", "5")), ("bad length", sample("Content-Length", "x")),
        ("chunked body", sample("Transfer-Encoding", "chunked")), ("length twice", sample("Content-Length", "0", "1")),
    ]

    @Test("A broken rule is answered 400", arguments: broken.indices)
    func refusesBroken(index: Int) {
        #expect(refusal(Self.broken[index].request)?.status == 400, "\(Self.broken[index].what)")
    }

    @Test("Without an upgrade to WebSocket, or with another version, the answer is 426 and says what is spoken")
    func upgradeRequired() {
        for request in [
            Self.sample("Connection"), Self.sample("Connection", "keep-alive"), Self.sample("Connection", "upgraded"),
            Self.sample("Upgrade"), Self.sample("Upgrade", "h2c"), Self.sample("Upgrade", "websocket/13"),
            Self.sample("Sec-WebSocket-Version"), Self.sample("Sec-WebSocket-Version", "8"),
            Self.sample("Sec-WebSocket-Version", "013"), Self.sample("Sec-WebSocket-Version", "13, 8"),
            Self.sample("Sec-WebSocket-Version", "13", "13"),
            HandshakeRequest(method: "GET", target: "/ws", headers: [("Host", "h")]),
        ] {
            let answer = refusal(request)
            #expect(answer?.status == 426)
            #expect(answer?.headers == ["Upgrade": "websocket", "Sec-WebSocket-Version": "13"])
        }
    }

    @Test("Another method than GET is answered 405")
    func method() {
        for method in ["POST", "HEAD", "get"] {
            let request = HandshakeRequest(method: method, target: "/", headers: Self.sample.headers)
            let answer = refusal(request)
            #expect(answer?.status == 405)
            #expect(answer?.headers == ["Allow": "GET"])
        }
    }

    @Test("Too many header bytes are answered 431")
    func headerBytes() {
        let size = Self.sample.headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
        #expect(refusal(Self.sample, HandshakePolicy(maxHeaderBytes: size - 1))?.status == 431)
        #expect(refusal(Self.sample, HandshakePolicy(maxHeaderBytes: size)) == nil)
    }

    @Test(
        "One of our subprotocols must be offered, unless none is",
        arguments: [
            ([], true, nil), (["vitrine.v1"], true, "vitrine.v1"),
            (["vitrine.token.x~", "vitrine.v1"], true, "vitrine.v1"), (["vitrine.v1", "other"], true, "vitrine.v1"),
            (["other"], false, nil), (["Vitrine.v1"], false, nil), (["vitrine.token.x"], false, nil),
        ] as [([String], Bool, String?)]
    )
    func subprotocols(offered: [String], isAccepted: Bool, selected: String?) {
        let policy = HandshakePolicy(subprotocols: .oneOf(["vitrine.v1"]))
        for lines in [[offered.joined(separator: ", ")], offered] {
            var request = Self.sample
            if !offered.isEmpty { request.headers += lines.map { ("Sec-WebSocket-Protocol", $0) } }
            guard isAccepted else {
                #expect(refusal(request, policy)?.status == 400)
                continue
            }
            let answer = accepted(request, policy)
            #expect(answer?.subprotocol == selected)
            #expect(answer?.headers["Sec-WebSocket-Protocol"] == selected)
        }
    }

    @Test("Subprotocols can be ignored, or chosen by the caller")
    func otherPolicies() {
        let request = Self.sample("Sec-WebSocket-Protocol", "b, a")
        #expect(accepted(request)?.subprotocol == nil)
        #expect(accepted(request, HandshakePolicy(subprotocols: .oneOf(["a", "b"])))?.subprotocol == "a")
        let last = HandshakePolicy(subprotocols: .chosen { $0.last.map { .select($0) } ?? .refuse })
        #expect(accepted(request, last)?.subprotocol == "a")
        #expect(refusal(Self.sample, last)?.status == 400)
        let foreign = HandshakePolicy(subprotocols: .chosen { _ in .select("not offered") })
        #expect(accepted(request, foreign)?.headers["Sec-WebSocket-Protocol"] == nil)
    }

    @Test("Compression is negotiated when the policy has it, over several header lines")
    func compression() {
        let request = Self.sample("Sec-WebSocket-Extensions", "x-other", "permessage-deflate; client_max_window_bits")
        #expect(accepted(request)?.compression == nil)
        let answer = accepted(request, HandshakePolicy(compression: .shared))
        #expect(
            answer?.headers["Sec-WebSocket-Extensions"]
                == "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
        )
        #expect(
            answer?.compression
                == PerMessageDeflate.Agreed(serverNoContextTakeover: true, clientNoContextTakeover: true)
        )
    }
}
