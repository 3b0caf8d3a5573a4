import Domain
import HTTPTypes
import OrderedCollections
import Synchronization
import Testing

@testable import REST

@Suite struct VFrameTaskRoutesTests {
    let server = TestServer()

    @Test(arguments: ["/api/v1/task/", "/api/v1/task"])
    func `the index lists our kinds with their parameters, members sorted`(path: String) async throws {
        let answer = try await server.get(path)
        #expect(answer.status == 200)
        #expect(
            answer.text == """
                {"long_task":{"key":"long_task","params":["steps","delay_ms"],"title":"Long task"},\
                "scan":{"key":"scan","params":["root"],"title":"Scan"}}
                """
        )
    }

    @Test func `info tells of running and waiting tasks as Celery does`() async throws {
        var running = TaskRecord(id: "r", name: "scan", params: ["b": 1, "a": 2], created: 1)
        running.state = .running
        running.executor = .local
        running.attempt = 2
        running.started = 1500
        server.tasks.put(running)
        server.tasks.put(TaskRecord(id: "q", name: "long_task", priority: 7, created: 1))
        let answer = try await server.get("/api/v1/task/info/")
        let worker = VFrameTaskInfo.worker
        #expect(worker.hasPrefix("vitrine@"))
        #expect(answer.json["scheduled"]?[worker] == [])
        let active = try #require(answer.json["active"]?[worker]?.array?.first)
        #expect(active["id"] == "r")
        #expect(active["time_start"] == 1.5)
        #expect(active["acknowledged"] == true)
        #expect(active["kwargs"] == ["a": 2, "b": 1])
        #expect(active["worker_pid"]?.int == ProcessStatistics.identifier)
        #expect(active["delivery_info"]?["redelivered"] == true)
        let queued = try #require(answer.json["queued"]?[worker]?.array?.first)
        #expect(queued["id"] == "q")
        #expect(queued["delivery_info"]?["priority"] == 7)
        #expect(queued["worker_pid"] == nil)
        #expect(answer.text.hasPrefix(#"{"active":{"vitrine@"#))
        #expect(answer.text.contains(#""kwargs":{"a":2,"b":1}"#))
    }

    @Test func `info lists another server's tasks under that server's name`() async throws {
        var task = TaskRecord(id: "far", name: "n", created: 1)
        task.server = "right"
        task.state = .running
        server.tasks.put(task)
        let json = try await server.get("/api/v1/task/info/").json
        #expect(json["active"]?["vitrine@right"]?.array?.map { $0["id"] } == ["far"])
        #expect(json["active"]?["vitrine@right"]?.array?.first?["hostname"] == "vitrine@right")
        #expect(json["active"]?[VFrameTaskInfo.worker] == [])
    }

    @Test func `info without tasks has empty lists under our name, not null`() async throws {
        let answer = try await server.get("/api/v1/task/info/")
        #expect(answer.json["active"] == .object([VFrameTaskInfo.worker: []]))
    }

    @Test func `info has Celery's workers beside us, and what they list not twice`() async throws {
        var inspection = CeleryInspection()
        inspection.active = ["one@box": [["id": "c1", "args": ["r"]]], VFrameTaskInfo.worker: [["id": "theirs"]]]
        inspection.reserved = ["one@box": [["id": "c2"]]]
        inspection.scheduled = ["two@box": [["eta": "2026-01-01", "request": ["id": "c3"]]]]
        let server = TestServer(celery: FakeCelery(inspection: inspection, tasks: ["c1": "r", "c2": "q"]))
        for (id, state) in [("r", TaskRecord.State.running), ("l", .running), ("q", .queued), ("w", .queued)] {
            var task = TaskRecord(id: id, name: "scan", created: 1)
            task.state = state
            server.tasks.put(task)
        }
        let json = try await server.get("/api/v1/task/info/").json
        let ours = VFrameTaskInfo.worker
        #expect(json["active"]?["one@box"] == [["args": ["r"], "id": "c1"]])
        #expect(json["active"]?[ours]?.array?.map { $0["id"] } == ["l"])
        #expect(json["queued"]?["one@box"] == [["id": "c2"]])
        #expect(json["queued"]?[ours]?.array?.map { $0["id"] } == ["w"])
        #expect(json["scheduled"]?["two@box"] == [["eta": "2026-01-01", "request": ["id": "c3"]]])
        #expect(json["scheduled"]?[ours] == [])
    }

    @Test func `info is ours alone while Redis is away`() async throws {
        let server = TestServer(celery: FakeCelery())
        server.tasks.put(TaskRecord(id: "q", name: "scan", created: 1))
        let json = try await server.get("/api/v1/task/info/").json
        #expect(json["queued"]?.object?.keys.elements == [VFrameTaskInfo.worker])
        #expect(json["queued"]?[VFrameTaskInfo.worker]?.array?.count == 1)
    }

    @Test func `names that Celery runs are listed and run like kinds`() async throws {
        server.tasks.state.withLock { $0.routed = ["scan", "download_model", "depth"] }
        let index = try await server.get("/api/v1/task/").json
        #expect(index["download_model"] == ["key": "download_model", "params": ["name"], "title": "Download model"])
        #expect(index["depth"] == ["key": "depth", "params": [], "title": "depth"])
        #expect(index["scan"]?["title"] == "Scan")
        let answer = try await server.post("/api/v1/task/run/", #"{"task_name":"depth"}"#)
        #expect(answer.status == 202)
        #expect(answer.text == #"{"task_name":"depth","uuid":"task-1"}"#)
    }

    @Test(arguments: [
        ("application/json", #"{"task_name":"scan","params":{"root":"x"}}"#),
        ("application/json; charset=utf-8", #"{"params":{"root":"x"},"task_name":"scan"}"#),
        ("application/x-www-form-urlencoded", "task_name=scan&params=%7B%22root%22%3A+%22x%22%7D"),
    ])
    func `a run is answered 202 with id and name`(type: String, body: String) async throws {
        let answer = try await server.post("/api/v1/task/run/", body, type: type)
        #expect(answer.status == 202)
        #expect(answer.text == #"{"task_name":"scan","uuid":"task-1"}"#)
        #expect(server.tasks.state.withLock { $0.requests } == [TaskRequest(name: "scan", params: ["root": "x"])])
    }

    @Test(arguments: [#"{"task_name":"scan"}"#, #"{"task_name":"scan","params":null}"#])
    func `missing and null parameters are none`(body: String) async throws {
        #expect(try await server.post("/api/v1/task/run/", body).status == 202)
        #expect(server.tasks.state.withLock { $0.requests } == [TaskRequest(name: "scan")])
    }

    @Test(arguments: [#"{"task_name":"nope"}"#, "{}", #"{"task_name":3}"#, ""])
    func `a task we do not know is answered 500 with VFrame's words`(body: String) async throws {
        let answer = try await server.post("/api/v1/task/run/", body)
        #expect(answer.status == 500)
        #expect(answer.text == #"{"error":"No such task"}"#)
    }

    @Test(arguments: [#"{"task_name":"scan","params":[1]}"#, #"{"task_name":"scan","params":"x"}"#])
    func `parameters that are no object are answered 500 with an error`(body: String) async throws {
        let answer = try await server.post("/api/v1/task/run/", body)
        #expect(answer.status == 500)
        #expect(answer.json["error"] != nil)
        #expect(server.tasks.state.withLock { $0.requests }.isEmpty)
    }

    @Test(arguments: [
        (TaskError.limitTasks, 503), (.shuttingDown, 503),
        (.badParams(TaskRecord.Failure(code: "bad_params", message: "steps is wrong")), 500),
    ])
    func `what the engine refuses is a bare error`(error: TaskError, status: Int) async throws {
        server.tasks.state.withLock { $0.refusal = error }
        let answer = try await server.post("/api/v1/task/run/", #"{"task_name":"scan"}"#)
        #expect(answer.status == status)
        #expect(answer.json["error"]?.string != nil)
        #expect(answer.json["uuid"] == nil)
    }

    @Test(arguments: ["", "{}", #"{"params":{"steps":2}}"#])
    func `test runs the long task`(body: String) async throws {
        let answer = try await server.post("/api/v1/task/test/", body)
        #expect(answer.status == 202)
        #expect(answer.text == #"{"uuid":"task-1"}"#)
        #expect(server.tasks.state.withLock { $0.requests.map(\.name) } == ["long_task"])
    }

    @Test(arguments: [
        ("application/json", "{", 400), ("application/json", "[]", 400), ("application/json", "{\"a\":1", 400),
        ("application/x-www-form-urlencoded", "a=%zz", 400), ("multipart/form-data; boundary=x", "--x--", 415),
    ])
    func `a body that cannot be read is an error in the envelope`(type: String, body: String, status: Int) async throws
    {
        let answer = try await server.post("/api/v1/task/run/", body, type: type)
        #expect(answer.status == status)
        #expect(answer.json["status"] == "error")
        #expect(answer.json["error"]?.string != nil)
    }

    @Test(arguments: ["/api/v1/nope/", "/api/v1/", "/api/v1", "/api/v1/task/nope"])
    func `an unknown path is answered 404 in the envelope`(path: String) async throws {
        let answer = try await server.get(path)
        #expect(answer.status == 404)
        #expect(answer.text == #"{"error":"not found","status":"error"}"#)
    }

    @Test func `a known path with another method is answered 405 with the methods`() async throws {
        let answer = try await server.get("/api/v1/task/run/")
        #expect(answer.status == 405)
        #expect(answer.headers[.allow] == "POST")
        #expect(answer.json["status"] == "error")
        #expect(try await server.ask(.delete, "/api/tasks").headers[.allow] == "GET, HEAD, POST")
    }
}
