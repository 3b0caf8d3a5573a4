import Domain
import Testing

@testable import Realtime

/// Refusals, access and cross-origin headers of an Engine.IO path (contracts/socketio.md §1).
struct EngineIOEndpointTests {
    static let upgrade = [
        (name: "Upgrade", value: "websocket"), (name: "Connection", value: "Upgrade"),
        (name: "Sec-WebSocket-Version", value: "13"), (name: "Sec-WebSocket-Key", value: "dGhlIHNhbXBsZSBub25jZQ=="),
    ]

    static let refusals = [
        ("GET", "", 0, "Transport unknown"), ("GET", "EIO=4", 0, "Transport unknown"),
        ("GET", "EIO=4&transport=tcp", 0, "Transport unknown"),
        ("GET", "EIO=4&transport=polling&sid=x", 1, "Session ID unknown"),
        ("POST", "EIO=4&transport=polling&sid=", 1, "Session ID unknown"),
        ("POST", "EIO=4&transport=polling", 2, "Bad handshake method"),
        ("PUT", "EIO=3&transport=polling", 2, "Bad handshake method"),
        ("OPTIONS", "EIO=3&transport=polling", 2, "Bad handshake method"),
        ("GET", "EIO=4&transport=websocket", 3, "Bad request"),
        ("GET", "transport=polling", 5, "Unsupported protocol version"),
        ("GET", "EIO=5&transport=polling", 5, "Unsupported protocol version"),
        ("GET", "EIO=03&transport=polling", 5, "Unsupported protocol version"),
        ("GET", "EIO=4%20&transport=polling", 5, "Unsupported protocol version"),
        ("GET", "EIO=&transport=polling", 5, "Unsupported protocol version"),
    ]

    @Test("every refusal has its number, and the connection goes on", arguments: refusals)
    func refuses(method: String, query: String, code: Int, message: String) {
        let answer = EngineUnderTest().request(method, query)
        #expect(answer.status == 400)
        #expect(answer.body == #"{"code":\#(code),"message":"\#(message)"}"#)
        #expect(answer.header("Content-Type") == "application/json")
    }

    @Test(
        "a refused WebSocket gets its answer, after which the connection closes",
        arguments: [
            ("EIO=5&transport=websocket", 5), ("transport=websocket", 5), ("EIO=4", 0),
            ("EIO=4&transport=websocket&sid=x", 1), ("EIO=4&transport=polling", 3),
        ]
    )
    func refusesUpgrade(query: String, code: Int) {
        guard case .answer(let answer) = EngineUnderTest().admit("GET", query, headers: Self.upgrade) else {
            Issue.record("not refused")
            return
        }
        let body = answer.body.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        #expect(answer.status == 400 && body.hasPrefix(#"{"code":\#(code),"#))
    }

    @Test("a broken opening handshake is a bad request")
    func brokenHandshake() {
        for (index, _) in Self.upgrade.enumerated() where index > 0 {
            var headers = Self.upgrade
            headers.remove(at: index)
            guard
                case .answer(let answer) = EngineUnderTest().admit(
                    "GET",
                    "EIO=4&transport=websocket",
                    headers: headers
                )
            else {
                Issue.record("not refused")
                continue
            }
            #expect(answer.status == 400)
        }
    }

    @Test("methods that a session does not know are refused", arguments: ["PUT", "DELETE", "HEAD", "OPTIONS"])
    func methods(method: String) throws {
        let engine = EngineUnderTest()
        let sid = try engine.open()
        let answer = engine.request(method, "EIO=4&transport=polling&sid=\(sid)")
        #expect(answer.status == 400 && answer.body.hasPrefix(#"{"code":3,"#))
        #expect(engine.post(sid, "4a").status == 200)
    }

    @Test("the path is claimed with and without its slash")
    func paths() {
        #expect(EngineUnderTest().endpoint.paths == ["/engine.io/", "/engine.io"])
    }

    @Test("ids cannot be guessed and do not repeat")
    func ids() {
        let ids = (0..<1_000).map { _ in EngineDirectory.makeID() }
        #expect(Set(ids).count == 1_000)
        let isFine = { (byte: UInt8) in
            Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber || byte == 45
                || byte == 95
        }
        #expect(ids.allSatisfy { $0.utf8.count == 20 && $0.utf8.allSatisfy(isFine) })
    }

    // MARK: - Access

    private func secured() -> EngineUnderTest {
        EngineUnderTest(
            access: AccessPolicy(tokens: ["op1": .operator], hosts: ["here"], origins: ["https://app.example"])
        )
    }

    private let forbidden = #"{"code":4,"message":"Forbidden"}"#

    @Test("host, origin and token are checked, and refused with 403")
    func access() {
        let good = (name: "Authorization", value: "Bearer op1")
        let query = "EIO=4&transport=polling"
        #expect(secured().request("GET", query, headers: [good]).status == 200)
        #expect(secured().request("GET", query + "&token=op1").status == 200)
        for headers in [
            [], [(name: "Authorization", value: "Bearer no")], [good, (name: "Origin", value: "https://evil.example")],
            [good, (name: "Host", value: "second")],
        ] as [[(name: String, value: String)]] {
            let answer = secured().request("GET", query, headers: headers)
            #expect(answer.status == 403 && answer.body == forbidden)
        }
        guard case .answer(let answer) = secured().admit("GET", "EIO=4&transport=websocket", headers: Self.upgrade)
        else {
            Issue.record("not refused")
            return
        }
        #expect(answer.status == 403)
    }

    @Test("the session keeps the role of its token, and its id stands for the token later")
    func role() throws {
        let engine = secured()
        let sid = try engine.open(more: "&token=op1")
        #expect(try engine.session().role == .operator)
        #expect(engine.post(sid, "4a").status == 200)
        let evil = [(name: "Origin", value: "https://evil.example")]
        #expect(
            engine.request("GET", "EIO=4&transport=polling&sid=\(sid)", headers: evil).status == 403
        )
    }

    @Test("a page of another site cannot load a session as a script")
    func scriptsOfOthers() {
        let query = "EIO=3&transport=polling&token=op1&j=0"
        for (site, status) in [("same-origin", 200), ("none", 200), ("same-site", 403), ("cross-site", 403)] {
            let headers = [(name: "Sec-Fetch-Site", value: site)]
            #expect(secured().request("GET", query, headers: headers).status == status)
        }
        #expect(secured().request("GET", query).status == 200)
    }

    @Test("an origin that is no ASCII is a bad request")
    func originBytes() {
        let answer = EngineUnderTest().request(
            "GET",
            "EIO=4&transport=polling",
            headers: [(name: "Origin", value: "http://é")]
        )
        #expect(answer.status == 400 && answer.body.hasPrefix(#"{"code":3,"#))
    }

    @Test("pages of an allowed origin are told so in every answer, and may send cookies")
    func crossOrigin() throws {
        let engine = secured()
        let origin = (name: "Origin", value: "https://app.example")
        let answers = [
            engine.request("GET", "EIO=4&transport=polling&token=op1", headers: [origin]),
            engine.request("GET", "EIO=4&transport=polling", headers: [origin]),
            engine.request("GET", "EIO=4&transport=x", headers: [origin]),
            engine.request(
                "POST",
                "EIO=4&transport=polling&sid=\(try engine.session().id)",
                body: Array("4a".utf8),
                headers: [origin]
            ),
        ]
        #expect(answers.map(\.status) == [200, 403, 403, 200])
        for answer in answers {
            #expect(answer.header("Access-Control-Allow-Origin") == "https://app.example")
            #expect(answer.header("Access-Control-Allow-Credentials") == "true")
            #expect(answer.header("Vary") == "Origin")
        }
        let own = engine.request("GET", "EIO=4&transport=polling&token=op1")
        #expect(own.header("Access-Control-Allow-Origin") == nil)
    }

    @Test("a preflight is answered 204, only for an allowed origin and host")
    func preflight() {
        let origin = (name: "Origin", value: "https://app.example")
        let answer = secured().request("OPTIONS", "EIO=4&transport=polling", headers: [origin])
        #expect(answer.status == 204)
        #expect(answer.header("Access-Control-Allow-Methods")?.contains("POST") == true)
        #expect(answer.header("Access-Control-Allow-Headers")?.contains("Content-Type") == true)
        let evil = (name: "Origin", value: "https://evil.example")
        #expect(secured().request("OPTIONS", "EIO=4&transport=polling", headers: [evil]).status == 403)
        let twice = secured().request("OPTIONS", "", headers: [origin, (name: "Host", value: "localhost")])
        #expect(twice.status == 403)
        #expect(EngineUnderTest().request("OPTIONS", "", headers: [evil]).status == 204)
    }
}
