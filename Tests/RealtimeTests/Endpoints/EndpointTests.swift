import Domain
import Testing

@testable import Realtime

/// Who may connect, and what the others are told (contracts/realtime.md §10).
struct EndpointTests {
    private static let tokens: [String: Role] = ["v1": .viewer, "o1": .operator]
    private let test = TestHub { $0.maxConnections = 2 }

    private func policy(_ tokens: [String: Role] = [:]) -> AccessPolicy {
        AccessPolicy(tokens: tokens, hosts: ["pics.example"], origins: ["https://app.example"])
    }

    private func request(_ target: String, _ changes: [(String, String?)] = [], method: String = "GET")
        -> HandshakeRequest
    {
        var headers = [
            ("Host", "localhost:8787"), ("Upgrade", "websocket"), ("Connection", "Upgrade"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), ("Sec-WebSocket-Version", "13"),
        ]
        for (name, value) in changes {
            headers.removeAll { $0.0 == name }
            if let value { headers.append((name, value)) }
        }
        return HandshakeRequest(method: method, target: target, headers: headers.map { (name: $0.0, value: $0.1) })
    }

    private func admit(
        _ target: String,
        _ changes: [(String, String?)] = [],
        tokens: [String: Role] = [:],
        method: String = "GET"
    ) -> Admission {
        let request = request(target, changes, method: method)
        let path = RequestTarget(target).path
        let endpoint: any Endpoint =
            path == "/ws"
            ? NativeEndpoint(access: policy(tokens), tasks: test.tasks)
            : EventStreamEndpoint(access: policy(tokens), tasks: test.tasks)
        return endpoint.admit(request, shard: test.hub.shards[0])
    }

    private func refused(_ admission: Admission) -> Refusal? {
        if case .refuse(let refusal) = admission { refusal } else { nil }
    }

    private func answered(_ admission: Admission) -> String? {
        switch admission {
        case .refuse, .answer, .respond: nil
        case .accept(let head, _), .headOnly(let head): head.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        }
    }

    private func role(_ admission: Admission) -> Role? {
        guard case .accept(_, let session) = admission else { return nil }
        return (session as? NativeSession)?.role
    }

    @Test("a WebSocket handshake is answered 101 with the subprotocol that was offered")
    func accepts() throws {
        let head = try #require(answered(admit("/ws", [("Sec-WebSocket-Protocol", "x, vitrine.v1")])))
        #expect(head.hasPrefix("HTTP/1.1 101 Switching Protocols\r\n"))
        #expect(head.contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"))
        #expect(head.contains("\r\nSec-WebSocket-Protocol: vitrine.v1\r\n"))
        #expect(head.hasSuffix("\r\n\r\n"))
        #expect(answered(admit("/ws"))?.contains("Sec-WebSocket-Protocol") == false)
        let compressed = answered(admit("/ws", [("Sec-WebSocket-Extensions", "permessage-deflate")]))
        #expect(compressed?.contains("server_no_context_takeover") == true)
    }

    static let refusals: [(String, [(String, String?)], Int, String)] = [
        ("/ws", [("Host", nil)], 403, "forbidden_host"), ("/ws", [("Host", "evil.example")], 403, "forbidden_host"),
        ("/events", [("Host", "evil.example")], 403, "forbidden_host"),
        ("/ws", [("Origin", "https://evil.example")], 403, "forbidden_origin"),
        ("/ws", [("Origin", "null")], 403, "forbidden_origin"),
        ("/ws", [("Origin", "http://localhost:9999")], 403, "forbidden_origin"),
        ("/events", [("Origin", "https://evil.example")], 403, "forbidden_origin"),
        ("/ws", [("Upgrade", nil)], 426, "unsupported_version"),
        ("/ws", [("Upgrade", "h2c")], 426, "unsupported_version"),
        ("/ws", [("Sec-WebSocket-Version", "8")], 426, "unsupported_version"),
        ("/ws", [("Sec-WebSocket-Key", "short")], 400, "bad_request"),
        ("/ws", [("Sec-WebSocket-Protocol", "other")], 400, "bad_request"),
        ("/ws", [("Sec-WebSocket-Protocol", "vitrine.token.x")], 400, "bad_request"),
        ("/ws", [("Content-Length", "3")], 400, "bad_request"),
        ("/ws", [("Transfer-Encoding", "chunked")], 400, "bad_request"),
        ("/events?topics=tasks,nope", [], 400, "unknown_topic"), ("/events?topics=", [], 400, "unknown_topic"),
        ("/events?since=x", [], 400, "bad_request"), ("/events", [("Last-Event-ID", "e:x")], 400, "bad_request"),
        ("/events?topics=\((0...256).map { "app/\($0)" }.joined(separator: ","))", [], 400, "limit_subscriptions"),
    ]

    @Test("what is wrong is told before the socket stands", arguments: refusals.indices)
    func refuses(index: Int) throws {
        let (target, changes, status, code) = Self.refusals[index]
        let refusal = try #require(refused(admit(target, changes)))
        #expect(refusal.status == status && refusal.code == code, "\(target) \(changes)")
        let body = try JSONParser.parse(refusal.body)
        #expect(body["error"]?["code"]?.string == code)
        #expect(body["error"]?["message"]?.string?.isEmpty == false)
        #expect(test.hub.connectionCount == 0)
    }

    @Test("hosts and origins that are allowed pass")
    func allowed() {
        let passing: [[(String, String?)]] = [
            [("Host", "127.0.0.1")], [("Host", "[::1]:80")], [("Host", "Pics.Example:1")],
            [("Origin", "http://localhost:8787")], [("Origin", "https://app.example")],
        ]
        for changes in passing { #expect(answered(admit("/ws", changes)) != nil, "\(changes)") }
    }

    @Test("426 names what is spoken here")
    func upgradeRequired() throws {
        let refusal = try #require(refused(admit("/ws", [("Upgrade", nil)])))
        #expect(
            Set(refusal.headers.map { "\($0.name): \($0.value)" }) == [
                "Upgrade: websocket", "Sec-WebSocket-Version: 13",
            ]
        )
    }

    @Test("Host is checked before Origin, Origin before the token, the token before the handshake")
    func order() {
        let wrong: [(String, String?)] = [
            ("Host", "evil.example"), ("Origin", "null"), ("Upgrade", nil), ("Authorization", "Bearer no"),
        ]
        let codes = ["forbidden_host", "forbidden_origin", "unauthorized", "unsupported_version"]
        let repairs: [(String, String?)] = [
            ("Host", "localhost"), ("Origin", nil), ("Authorization", "Bearer v1"),
        ]
        for count in 0...3 {
            let admission = admit("/ws", wrong + repairs.prefix(count), tokens: Self.tokens)
            #expect(refused(admission)?.code == codes[count])
        }
    }

    @Test("a token is taken from the header, else the subprotocol, else the query; the first found counts")
    func tokens() throws {
        let header = ("Authorization", Optional("Bearer o1"))
        let offer = ("Sec-WebSocket-Protocol", Optional("vitrine.v1, vitrine.token.v1"))
        #expect(role(admit("/ws", [header, offer], tokens: Self.tokens)) == .operator)
        #expect(role(admit("/ws?token=o1", [offer], tokens: Self.tokens)) == .viewer)
        #expect(role(admit("/ws?token=o1", tokens: Self.tokens)) == .operator)
        #expect(role(admit("/ws")) == .admin)
        for admission in [
            admit("/ws", tokens: Self.tokens), admit("/events", tokens: Self.tokens),
            admit("/ws?token=o1", [("Authorization", "Bearer v")], tokens: Self.tokens),
            admit("/ws?token=", tokens: Self.tokens),
        ] {
            let refusal = try #require(refused(admission))
            #expect(refusal.status == 401 && refusal.code == "unauthorized")
            #expect(refusal.headers == [Refusal.Header(name: "WWW-Authenticate", value: "Bearer")])
        }
        // The token is never in an answer.
        #expect(answered(admit("/ws", [offer], tokens: Self.tokens))?.contains("vitrine.token") == false)
    }

    @Test("an event stream is answered 200, and HEAD with the same head and nothing else")
    func eventStream() throws {
        let get = admit("/events")
        let head = try #require(answered(get))
        #expect(head.hasPrefix("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n"))
        guard case .accept(_, let session) = get else { throw TestFailure("no session") }
        let client = StreamingClient(session)
        #expect(
            client.take().compactMap(\.event) == ["welcome", "snapshot", "snapshot", "snapshot", "snapshot", "synced"]
        )
        guard case .headOnly(let bytes) = admit("/events", method: "HEAD") else { throw TestFailure("not head only") }
        #expect(bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } == head)
        #expect(test.hub.connectionCount == 1)
        let post = try #require(refused(admit("/events", method: "POST")))
        #expect(post.status == 405 && post.headers == [Refusal.Header(name: "Allow", value: "GET, HEAD")])
    }

    @Test("the log is for operators")
    func log() throws {
        let viewer = refused(admit("/events?topics=log&token=v1", tokens: Self.tokens))
        #expect(viewer?.status == 403 && viewer?.code == "forbidden")
        #expect(answered(admit("/events?topics=log&token=o1", tokens: Self.tokens)) != nil)
    }

    @Test("Last-Event-ID wins over since, and an empty one counts for nothing")
    func lastEventID() throws {
        for number in 0..<3 { test.say("a", .int(Int64(number))) }
        let cases: [(String, String?, [String])] = [
            ("1", "e1:2", ["app.message", "synced"]), ("1", nil, ["app.message", "app.message", "synced"]),
            ("1", "", ["app.message", "app.message", "synced"]), ("1", "e0:2", ["resync", "snapshot", "synced"]),
        ]
        for (since, header, events) in cases {
            let admission = admit("/events?topics=app/a,app/a&since=e1:\(since)", [("Last-Event-ID", header)])
            guard case .accept(_, let session) = admission else { throw TestFailure("refused") }
            let client = StreamingClient(session)
            #expect(client.take().compactMap(\.event).dropFirst() == events[...], "\(header ?? "none")")
            session.closed()
        }
    }

    @Test("past the bound on connections 503 says when to come back, for sockets and streams together")
    func connections() throws {
        let first = admit("/ws")
        let second = admit("/events")
        for target in ["/ws", "/events"] {
            let refusal = try #require(refused(admit(target)))
            #expect(refusal.status == 503 && refusal.code == "limit_connections")
            #expect(refusal.headers.map(\.name) == ["Retry-After"])
        }
        #expect(answered(first) != nil && answered(second) != nil)
        #expect(test.hub.statistics.refusedConnections == 2)
    }
}
