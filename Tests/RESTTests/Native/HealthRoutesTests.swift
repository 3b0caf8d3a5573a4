import Domain
import HTTPTypes
import OrderedCollections
import Testing

@testable import REST

@Suite struct HealthRoutesTests {
    @Test func `healthz says that all is well, for how long, and which version`() async throws {
        let answer = try await TestServer().get("/healthz")
        #expect(answer.status == 200)
        #expect(answer.json["status"] == "ok")
        #expect(answer.json["version"] == "0.0.1")
        #expect(try #require(answer.json["uptime"]?.int) >= 0)
        #expect(answer.headers[.contentType] == "application/json")
    }

    @Test(arguments: [RedisState.connected, .away])
    func `healthz says whether Redis is there, and is well without it`(state: RedisState) async throws {
        let answer = try await TestServer(redisState: { state }).get("/healthz")
        #expect(answer.status == 200)
        #expect(answer.json["status"] == "ok")
        #expect(answer.json["redis"] == .string(state.rawValue))
    }

    @Test func `healthz does not speak of a Redis that is not used`() async throws {
        #expect(try await TestServer().get("/healthz").json.object?["redis"] == nil)
    }

    @Test func `version names the protocols and the epoch`() async throws {
        let answer = try await TestServer().get("/api/version")
        #expect(answer.json["protocols"] == ["vitrine.v1"])
        #expect(answer.json["epoch"] == "e1")
        #expect(answer.json["version"] == "0.0.1")
    }

    @Test func `metrics count the answers by method and status`() async throws {
        let server = TestServer()
        server.metrics.addServer(journal: server.journal, version: "0.0.1")
        _ = try await server.get("/healthz")
        _ = try await server.get("/nope")
        _ = try await server.ask(try #require(HTTPRequest.Method("WEIRD")), "/nope")
        server.tasks.put(TaskRecord(id: "t", name: "scan", created: 1))
        let answer = try await server.get("/metrics")
        #expect(answer.headers[.contentType]?.hasPrefix("text/plain; version=0.0.4") == true)
        let lines = Set(answer.text.split(separator: "\n"))
        #expect(lines.contains(#"http_requests_total{method="GET",status="200"} 1"#))
        #expect(lines.contains(#"http_requests_total{method="GET",status="404"} 1"#))
        #expect(lines.contains(#"http_requests_total{method="other",status="404"} 1"#))
        #expect(lines.contains("http_request_duration_seconds_count 3"))
        #expect(lines.contains(#"vitrine_tasks{state="queued"} 1"#))
        #expect(lines.contains("vitrine_events_total 1"))
    }

    @Test func `clients are listed as records`() async throws {
        let server = TestServer()
        var client = ClientRecord(
            id: "c",
            kind: .dashboard,
            transport: .sse,
            protocol: "sse",
            role: .viewer,
            since: 4,
            address: "127.0.0.1"
        )
        client.topics = ["tasks"]
        server.journal.publish(.clientJoined(client))
        let answer = try await server.get("/api/clients")
        #expect(answer.json["offset"] == 1)
        #expect(answer.json["clients"]?.array?.first?["id"] == "c")
        #expect(answer.json["clients"]?.array?.first?["topics"] == ["tasks"])
    }

    @Test func `every answer has a request id and forbids guessing types`() async throws {
        for path in ["/healthz", "/nope", "/api/v1/nope"] {
            let answer = try await TestServer().get(path)
            #expect(answer.headers[.requestID]?.isEmpty == false)
            #expect(answer.headers[.contentTypeOptions] == "nosniff")
        }
    }

    @Test func `a HEAD is answered like its GET without the body`() async throws {
        let server = TestServer()
        let get = try await server.get("/api/tasks")
        let head = try await server.ask(.head, "/api/tasks")
        #expect(head.status == 200)
        #expect(head.body.isEmpty)
        #expect(head.headers[.contentLength] == String(get.body.count))
        #expect(try await server.ask(.head, "/nope").body.isEmpty)
    }
}
