import Domain
import HTTPTypes
import Testing

@testable import REST

@Suite struct CORSMiddlewareTests {
    private let guarded = TestServer(
        access: AccessPolicy(tokens: ["o": .operator], origins: ["https://ok.example"])
    )

    @Test func `a preflight of an allowed origin is answered 204 without a token`() async throws {
        let headers: HTTPFields = [.origin: "https://ok.example", .accessControlRequestMethod: "POST"]
        let answer = try await guarded.ask(.options, "/api/tasks", headers: headers)
        #expect(answer.status == 204)
        #expect(answer.headers[.accessControlAllowOrigin] == "https://ok.example")
        #expect(answer.headers[.vary] == "Origin")
        #expect(answer.headers[.accessControlAllowMethods]?.contains("POST") == true)
        #expect(answer.headers[.accessControlAllowHeaders] == "Authorization, Content-Type, Last-Event-ID")
        #expect(answer.headers[.accessControlMaxAge] == "600")
    }

    @Test func `answers and errors are readable for an allowed origin`() async throws {
        for (token, status) in [("Bearer o", 200), ("Bearer x", 401)] {
            let headers: HTTPFields = [.origin: "https://ok.example", .authorization: token]
            let answer = try await guarded.ask(.get, "/api/tasks", headers: headers)
            #expect(answer.status == status)
            #expect(answer.headers[.accessControlAllowOrigin] == "https://ok.example")
            #expect(answer.headers[.accessControlExposeHeaders] == "X-Request-Id")
        }
    }

    @Test(arguments: ["https://evil.example", "null", "http://localhost:8188", "https://ok.example.evil"])
    func `another origin gets no CORS header, not on a preflight either`(origin: String) async throws {
        for method in [HTTPRequest.Method.get, .options] {
            let headers: HTTPFields = [.origin: origin, .accessControlRequestMethod: "GET"]
            let answer = try await guarded.ask(method, "/api/tasks", headers: headers)
            #expect(answer.status != 204)
            #expect(answer.headers[.accessControlAllowOrigin] == nil)
            #expect(answer.headers[.vary] == "Origin")
        }
    }

    @Test func `a preflight for a foreign Host is refused`() async throws {
        let headers: HTTPFields = [.origin: "https://ok.example", .accessControlRequestMethod: "GET"]
        #expect(try await guarded.ask(.options, "/api/tasks", headers: headers, host: "evil.example").status == 403)
    }
}
