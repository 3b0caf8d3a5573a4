import Domain
import HTTPTypes
import Synchronization
import Testing

@testable import REST

/// Results over what a message may have (contracts/realtime.md §6).
@Suite struct TaskResultRoutesTests {
    static let tokens: [String: Role] = ["v": .viewer, "o": .operator, "w": .worker, "a": .admin]

    private func put(
        _ server: TestServer,
        _ path: String = "/api/tasks/t/result?lease=L1",
        token: String? = nil,
        body: String = "[1]"
    ) async throws -> TestServer.Answer {
        var headers: HTTPFields = [.contentType: "application/json"]
        if let token { headers[.authorization] = "Bearer \(token)" }
        return try await server.ask(.put, path, headers: headers, body: body)
    }

    private func kept(_ server: TestServer) -> [UInt8]? { server.tasks.state.withLock { $0.kept["t"] } }

    @Test func `a result is kept for its lease`() async throws {
        let server = TestServer()
        server.tasks.state.withLock { $0.leases["t"] = "L1" }
        let answer = try await put(server, body: #"{"a": [1]}"#)
        #expect(answer.status == 204 && answer.body.isEmpty)
        #expect(kept(server) == Array(#"{"a": [1]}"#.utf8))
    }

    @Test(arguments: [("v", 403), ("o", 403), ("w", 204), ("a", 204)])
    func `only workers and admins may upload`(token: String, status: Int) async throws {
        let server = TestServer(access: AccessPolicy(tokens: Self.tokens))
        server.tasks.state.withLock { $0.leases["t"] = "L1" }
        #expect(try await put(server, token: token).status == status)
        #expect((kept(server) != nil) == (status == 204))
        #expect(try await put(server).status == 401)
    }

    @Test func `a worker may still not run tasks`() async throws {
        let server = TestServer(access: AccessPolicy(tokens: Self.tokens))
        let headers: HTTPFields = [.contentType: "application/json", .authorization: "Bearer w"]
        for path in ["/api/tasks", "/api/tasks/t/cancel", "/api/tasks/t/result"] {
            #expect(try await server.ask(.post, path, headers: headers, body: "{}").status == 403)
        }
    }

    @Test(arguments: ["L2", "%4c2", "x"])
    func `a lease that is not good is answered 409 before the body is read`(lease: String) async throws {
        let server = TestServer()
        server.tasks.state.withLock { $0.leases["t"] = "L1" }
        let answer = try await put(server, "/api/tasks/t/result?lease=\(lease)", body: "no JSON")
        #expect(answer.status == 409)
        #expect(answer.code == "lease_lost")
    }

    @Test(arguments: ["", "?lease=", "?lease=a%20b", "?other=L1"])
    func `without a lease the request is refused`(query: String) async throws {
        let answer = try await put(TestServer(), "/api/tasks/t/result\(query)")
        #expect(answer.status == 400)
        #expect(answer.json["error"]?["field"] == "lease")
    }

    @Test func `what is no JSON is refused, and what is over the limit of bodies`() async throws {
        let server = TestServer(limits: HTTPLimits(bodyBytes: 100))
        server.tasks.state.withLock { $0.leases["t"] = "L1" }
        #expect(try await put(server, body: "{").code == "bad_json")
        #expect(try await put(server, body: "").code == "bad_json")
        #expect(try await put(server, body: "[\(String(repeating: " ", count: 100))]").code == "too_large")
        #expect(kept(server) == nil)
    }

    @Test func `a large result comes with its task as it was stored`() async throws {
        let server = TestServer()
        var task = TaskRecord(id: "t", name: "n", created: 1)
        task.state = .done
        task.resultSize = 99_999
        server.tasks.put(task)
        server.tasks.state.withLock { $0.results["t"] = Array(#"{"big": [1, 2]}"#.utf8) }
        let answer = try await server.get("/api/tasks/t")
        #expect(answer.json["result"] == ["big": [1, 2]])
        #expect(answer.json["result_size"] == nil)
    }
}
