import Domain
import Testing

@testable import Realtime

/// What pages of other origins are told on `/events`.
struct EventStreamCORSTests {
    private let test = TestHub { $0.maxConnections = 2 }

    private func admit(_ origin: String, method: String, _ more: [(name: String, value: String)] = []) -> Admission {
        let access = AccessPolicy(tokens: ["v1": .viewer], origins: ["https://app.example"])
        let headers = [(name: "Host", value: "localhost:8787"), (name: "Origin", value: origin)] + more
        return EventStreamEndpoint(access: access, tasks: test.tasks).admit(
            HandshakeRequest(method: method, target: "/events", headers: headers),
            shard: test.hub.shards[0]
        )
    }

    private func answered(_ admission: Admission) -> String? {
        switch admission {
        case .refuse, .answer, .respond: nil
        case .accept(let head, _), .headOnly(let head): head.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        }
    }

    private func refusal(_ admission: Admission) -> Refusal? {
        if case .refuse(let refusal) = admission { refusal } else { nil }
    }

    @Test func `a stream for an allowed origin names it`() throws {
        let head = try #require(answered(admit("https://app.example", method: "GET", [("Authorization", "Bearer v1")])))
        #expect(head.contains("\r\nAccess-Control-Allow-Origin: https://app.example\r\n"))
        #expect(head.contains("\r\nVary: Origin\r\n"))
    }

    @Test func `a preflight needs no token`() throws {
        let asked = [(name: "Access-Control-Request-Method", value: "GET")]
        let head = try #require(answered(admit("https://app.example", method: "OPTIONS", asked)))
        #expect(head.hasPrefix("HTTP/1.1 204 "))
        #expect(head.contains("\r\nAccess-Control-Allow-Headers: Authorization, Content-Type, Last-Event-ID\r\n"))
        #expect(refusal(admit("https://evil.example", method: "OPTIONS", asked))?.status == 403)
    }

    @Test func `refusals name an allowed origin and no other`() throws {
        let named = try #require(self.refusal(admit("https://app.example", method: "GET")))
        #expect(named.status == 401)
        #expect(named.headers.contains(.init(name: "Access-Control-Allow-Origin", value: "https://app.example")))
        let other = try #require(self.refusal(admit("https://evil.example", method: "GET")))
        #expect(!other.headers.contains { $0.name == "Access-Control-Allow-Origin" })
    }

    @Test(arguments: [("Content-Length", "3"), ("Transfer-Encoding", "chunked"), ("Content-Length", "x")])
    func `a stream request with a body is refused`(name: String, value: String) {
        let admission = admit("https://app.example", method: "GET", [("Authorization", "Bearer v1"), (name, value)])
        #expect(refusal(admission)?.status == 400)
    }
}
