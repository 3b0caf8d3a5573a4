import Domain
import HTTPTypes
import Synchronization
import Testing

@testable import REST

@Suite struct TaskRoutesTests {
    let server = TestServer()

    @Test func `the list has the journal's epoch and offset, the tasks and their counts`() async throws {
        _ = try await server.post("/api/tasks", #"{"name":"scan"}"#)
        let answer = try await server.get("/api/tasks")
        #expect(answer.status == 200)
        #expect(answer.json["epoch"] == "e1")
        #expect(answer.json["offset"] == 1)
        #expect(answer.json["tasks"]?.array?.map { $0["uuid"] } == ["task-1"])
        #expect(answer.json["counts"] == ["queued": 1, "running": 0, "done": 0, "failed": 0, "cancelled": 0])
        #expect(answer.headers[.cacheControl] == "no-store")
    }

    @Test func `a new task is answered 201 with the whole object and its place`() async throws {
        let answer = try await server.post(
            "/api/tasks",
            #"{"name":"peer.depth","params":{"a":1},"priority":-100,"attempts":1,"requires":["gpu"],"task":"my/1"}"#
        )
        #expect(answer.status == 201)
        #expect(answer.headers[.location] == "/api/tasks/my%2F1")
        #expect(answer.json["uuid"] == "my/1")
        #expect(answer.json["params"] == ["a": 1])
        #expect(answer.json["priority"] == -100)
        #expect(answer.json["attempts"] == 1)
        #expect(answer.json["requires"] == ["gpu"])
        #expect(answer.json["state"] == "queued")
        let again = try await server.get("/api/tasks/my%2F1")
        #expect(again.status == 200)
        #expect(again.json["uuid"] == "my/1")
    }

    @Test func `absent and null members have their defaults`() async throws {
        let answer = try await server.post(
            "/api/tasks",
            #"{"name":"scan","params":null,"priority":null,"attempts":null,"requires":null,"task":null,"other":[]}"#
        )
        #expect(answer.status == 201)
        #expect(server.tasks.state.withLock { $0.requests } == [TaskRequest(name: "scan")])
    }

    @Test func `the same id and name is the same task, another name a conflict`() async throws {
        let first = try await server.post("/api/tasks", #"{"name":"scan","task":"a"}"#)
        let second = try await server.post("/api/tasks", #"{"name":"scan","task":"a"}"#)
        let third = try await server.post("/api/tasks", #"{"name":"long_task","task":"a"}"#)
        #expect(first.status == 201)
        #expect(second.status == 200)
        #expect(second.json == first.json)
        #expect(third.status == 409)
        #expect(third.code == "conflict")
    }

    @Test(
        arguments: [
            (#"{"name":"scan""#, "bad_json", nil), ("", "bad_json", nil), ("{\"name\":\"\u{1}\"}", "bad_json", nil),
            ("[1]", "bad_message", nil), ("{}", "bad_message", "name"), (#"{"name":7}"#, "bad_message", "name"),
            (#"{"name":""}"#, "bad_message", "name"), (#"{"name":"a b"}"#, "bad_message", "name"),
            (#"{"name":"a","params":[]}"#, "bad_message", "params"),
            (#"{"name":"a","priority":101}"#, "bad_message", "priority"),
            (#"{"name":"a","priority":-101}"#, "bad_message", "priority"),
            (#"{"name":"a","priority":1.5}"#, "bad_message", "priority"),
            (#"{"name":"a","attempts":0}"#, "bad_message", "attempts"),
            (#"{"name":"a","attempts":101}"#, "bad_message", "attempts"),
            (#"{"name":"a","requires":"gpu"}"#, "bad_message", "requires"),
            (#"{"name":"a","requires":[1]}"#, "bad_message", "requires"),
            (#"{"name":"a","requires":[""]}"#, "bad_message", "requires"),
            (#"{"name":"a","task":""}"#, "bad_message", "task"), (#"{"name":"a","task":"a b"}"#, "bad_message", "task"),
            (#"{"name":"a","task":1}"#, "bad_message", "task"),
            (#"{"name":"a","params":{"x":"# + String(repeating: "[", count: 40), "too_deep", nil),
        ] as [(String, String, String?)]
    )
    func `a wrong body is answered 400 with a code and the member`(body: String, code: String, field: String?)
        async throws
    {
        let answer = try await server.post("/api/tasks", body)
        #expect(answer.status == 400)
        #expect(answer.code == code)
        #expect(answer.json["error"]?["field"]?.string == field)
        #expect(server.tasks.state.withLock { $0.requests }.isEmpty)
    }

    @Test func `parameters over 64 KiB are refused`() async throws {
        let text = String(repeating: "x", count: 64 * 1024)
        let answer = try await server.post("/api/tasks", #"{"name":"a","params":{"x":"\#(text)"}}"#)
        #expect(answer.status == 400)
        #expect(answer.json["error"]?["field"] == "params")
    }

    @Test func `a body over the limit is answered 413`() async throws {
        let server = TestServer(limits: HTTPLimits(jsonBytes: 20))
        #expect(try await server.post("/api/tasks", #"{"name":"scan","a":1}"#).status == 413)
        #expect(try await server.post("/api/tasks", #"{"name":"scan"}"#).status == 201)
        let announced = try await server.ask(.post, "/api/tasks", headers: [.contentLength: "21"], body: "{")
        #expect(announced.status == 413)
        #expect(announced.code == "too_large")
    }

    @Test(arguments: [
        (TaskError.limitTasks, 429, "limit_tasks"), (.shuttingDown, 503, "shutting_down"),
        (.badParams(TaskRecord.Failure(code: "bad_params", message: "steps is wrong")), 400, "bad_message"),
    ])
    func `what the engine refuses has its status and code`(error: TaskError, status: Int, code: String) async throws {
        server.tasks.state.withLock { $0.refusal = error }
        let answer = try await server.post("/api/tasks", #"{"name":"scan"}"#)
        #expect(answer.status == status)
        #expect(answer.code == code)
        if status != 400 { #expect(answer.headers[.retryAfter] != nil) }
        if status == 400 { #expect(answer.json["error"]?["message"] == "steps is wrong") }
    }

    @Test func `a task's own address has the whole result`() async throws {
        var task = TaskRecord(id: "t", name: "scan", created: 1)
        task.state = .done
        task.result = .string(String(repeating: "r", count: 20_000))
        server.tasks.put(task)
        let answer = try await server.get("/api/tasks/t")
        #expect(answer.json["result"]?.string?.count == 20_000)
    }

    @Test(arguments: [
        "/api/tasks/none", "/api/tasks/%20", "/api/tasks/%C3%A9", "/api/tasks/%zz", "/api/tasks/none/log",
    ])
    func `an unknown task is answered 404`(path: String) async throws {
        let answer = try await server.get(path)
        #expect(answer.status == 404)
        #expect(answer.code == "unknown_task")
    }

    @Test func `cancelling answers 200 when it has ended, 202 while it has not, 404 when there is none`() async throws {
        var running = TaskRecord(id: "r", name: "scan", created: 1)
        running.state = .running
        server.tasks.put(running)
        server.tasks.put(TaskRecord(id: "q", name: "scan", created: 1))
        let first = try await server.ask(.post, "/api/tasks/q/cancel")
        #expect(first.status == 200)
        #expect(first.json["state"] == "cancelled")
        #expect(try await server.ask(.post, "/api/tasks/q/cancel").status == 200)
        let second = try await server.ask(.post, "/api/tasks/r/cancel")
        #expect(second.status == 202)
        #expect(second.json["state"] == "running")
        #expect(try await server.ask(.post, "/api/tasks/none/cancel").code == "unknown_task")
    }

    @Test func `the log has the last lines, as many as asked for`() async throws {
        server.tasks.put(TaskRecord(id: "t", name: "scan", created: 1))
        let lines = (1...300).map { TaskLogLine(at: $0, level: .info, message: "line \($0)") }
        server.tasks.state.withLock { $0.logs["t"] = lines }
        let answer = try await server.get("/api/tasks/t/log")
        #expect(answer.json["log"]?.array?.count == 200)
        #expect(answer.json["log"]?.array?.last == ["at": 300, "level": "info", "message": "line 300"])
        #expect(try await server.get("/api/tasks/t/log?limit=2").json["log"]?.array?.count == 2)
        for limit in ["0", "1001", "x", "-1"] {
            let answer = try await server.get("/api/tasks/t/log?limit=\(limit)")
            #expect(answer.status == 400)
            #expect(answer.json["error"]?["field"] == "limit")
        }
    }

    @Test(arguments: ["/api/tasks", "/api/v1/task/run/"])
    func `a failure of the store tells nothing of itself`(path: String) async throws {
        server.tasks.state.withLock { $0.refusal = .internal("disk I/O error") }
        let answer = try await server.post(path, #"{"name":"scan","task_name":"scan"}"#)
        #expect(answer.status == 500)
        #expect(!answer.text.contains("disk"))
        #expect(answer.text.contains(try #require(answer.headers[.requestID])))
    }

    @Test func `a failure inside tells nothing of itself`() async throws {
        let answer = try await server.get("/api/tasks/broken")
        #expect(answer.status == 500)
        #expect(answer.code == "internal")
        #expect(!answer.text.contains("Broken"))
        #expect(answer.text.contains(try #require(answer.headers[.requestID])))
    }
}
