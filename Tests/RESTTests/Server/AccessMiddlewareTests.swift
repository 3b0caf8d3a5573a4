import Domain
import HTTPTypes
import Synchronization
import Testing

@testable import REST

@Suite struct AccessMiddlewareTests {
    static let tokens: [String: Role] = ["v": .viewer, "o": .operator, "w": .worker, "a": .admin]
    let guarded = TestServer(
        access: AccessPolicy(tokens: tokens, hosts: ["pics.example"], origins: ["https://ok.example"])
    )

    @Test(arguments: ["evil.example", "evil.example:8188", nil, ""] as [String?])
    func `a foreign or missing Host is answered 403, also for healthz and files`(host: String?) async throws {
        for path in ["/healthz", "/api/tasks", "/", "/nope"] {
            let answer = try await guarded.ask(.get, path, host: host)
            #expect(answer.status == 403)
            #expect(answer.code == "forbidden_host")
        }
        let envelope = try await guarded.ask(.get, "/api/v1/task/", host: host)
        #expect(envelope.status == 403)
        #expect(envelope.json["status"] == "error")
    }

    @Test(arguments: ["127.0.0.1", "[::1]:80", "localhost", "pics.example:8188", "PICS.example"])
    func `an address, localhost and an allowed name are served`(host: String) async throws {
        #expect(try await guarded.ask(.get, "/healthz", host: host).status == 200)
    }

    @Test(arguments: ["https://evil.example", "null", "http://localhost:9999"])
    func `a foreign Origin is answered 403 whatever the method, before the token is looked at`(origin: String)
        async throws
    {
        for method in [HTTPRequest.Method.get, .post] {
            let answer = try await guarded.ask(method, "/api/tasks", headers: [.origin: origin])
            #expect(answer.status == 403)
            #expect(answer.code == "forbidden_origin")
        }
    }

    @Test(arguments: ["http://localhost:8188", "https://ok.example"])
    func `our own and an allowed Origin pass`(origin: String) async throws {
        let headers: HTTPFields = [.origin: origin, .authorization: "Bearer o", .contentType: "application/json"]
        let answer = try await guarded.ask(.post, "/api/tasks", headers: headers, body: #"{"name":"scan"}"#)
        #expect(answer.status == 201)
    }

    @Test(arguments: [nil, "Bearer x", "Bearer", "Basic v", "v"] as [String?])
    func `without a valid token the answer is 401 with a challenge`(authorization: String?) async throws {
        var headers: HTTPFields = [:]
        headers[.authorization] = authorization
        for path in ["/api/tasks", "/metrics", "/api/v1/task/", "/openapi/native.openapi.yaml", "/api/nope"] {
            let answer = try await guarded.get(path, headers: headers)
            #expect(answer.status == 401)
            #expect(answer.headers[.wwwAuthenticate] == "Bearer")
        }
        #expect(try await guarded.get("/api/tasks?token=x", headers: headers).status == 401)
    }

    @Test func `healthz and the dashboard's paths need no token`() async throws {
        #expect(try await guarded.get("/healthz").status == 200)
        #expect(try await guarded.get("/nope.js").status == 404)
    }

    @Test(arguments: tokens.keys.sorted())
    func `every role may read, by header or query`(token: String) async throws {
        #expect(try await guarded.get("/api/tasks", headers: [.authorization: "bearer \(token)"]).status == 200)
        #expect(try await guarded.get("/api/tasks?a=b&token=\(token)").status == 200)
    }

    @Test(arguments: [("v", 403), ("w", 403), ("o", 201), ("a", 201)])
    func `only operators and admins may change things`(token: String, status: Int) async throws {
        let headers: HTTPFields = [.authorization: "Bearer \(token)", .contentType: "application/json"]
        let answer = try await guarded.ask(.post, "/api/tasks", headers: headers, body: #"{"name":"scan"}"#)
        #expect(answer.status == status)
        if status == 403 { #expect(answer.code == "forbidden") }
        let run = try await guarded.ask(.post, "/api/v1/task/test/", headers: headers)
        #expect(run.status == (status == 403 ? 403 : 202))
        #expect(guarded.tasks.state.withLock { $0.requests.count } == (status == 403 ? 0 : 2))
    }

    @Test func `without configured tokens everyone may do everything`() async throws {
        #expect(try await TestServer().post("/api/tasks", #"{"name":"scan"}"#).status == 201)
    }
}
