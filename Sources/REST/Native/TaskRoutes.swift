import Domain
import HTTPTypes
import Hummingbird

/// `/api/tasks`: the tasks in the shapes of contracts/realtime.md §5.
struct TaskRoutes {
    /// How many log lines an answer has at most.
    static let logLimit = 1000

    let tasks: any TaskService
    let journal: Journal
    let bodyLimit: Int
    /// The greatest result that may be uploaded, in bytes.
    let resultLimit: Int

    var routes: [Route] {
        [
            Route(.get, "/api/tasks") { _, _ in list() },
            Route(.post, "/api/tasks") { request, _ in try await create(request) },
            Route(.get, "/api/tasks/{id}") { _, context in
                let task = try await task(context)
                return .json(Self.encoded(task, result: try await largeResult(of: task)))
            },
            Route(.put, "/api/tasks/{id}/result", permission: .work) { request, context in
                try await keepResult(request, context)
            },
            Route(.post, "/api/tasks/{id}/cancel") { _, context in try await cancel(context) },
            Route(.get, "/api/tasks/{id}/log") { request, context in try await log(request, context) },
        ]
    }

    /// `epoch` and `offset` belong to exactly this list, so a script may subscribe with them as `since`.
    private func list() -> Response {
        let (offset, snapshot) = journal.read { ($0.offset, $0.tasks.snapshot) }
        return .json { writer in
            writer.field("epoch", journal.epoch)
            writer.field("offset", offset)
            writer.field("tasks", array: { for task in snapshot.tasks { $0.value(task) } })
            writer.field("counts", snapshot.counts)
        }
    }

    private func create(_ request: Request) async throws -> Response {
        let wanted = try TaskRequest(await request.jsonObject(limit: bodyLimit))
        var existed = false
        if let id = wanted.id { existed = try await tasks.task(id) != nil }
        let task = try await tasks.submit(wanted)
        var response = Response.json(Self.encoded(task), status: existed ? .ok : .created)
        response.headers[.location] = "/api/tasks/\(PercentEncoding.encode(task.id))"
        return response
    }

    private func cancel(_ context: APIContext) async throws -> Response {
        let id = try id(context)
        try await tasks.cancel(id)
        guard let task = try await tasks.task(id) else { throw TaskError.unknownTask }
        return .json(Self.encoded(task), status: task.state.isFinal ? .ok : .accepted)
    }

    private func log(_ request: Request, _ context: APIContext) async throws -> Response {
        let task = try await task(context)
        var limit = 200
        if let text = request.uri.queryParameters["limit"] {
            guard let number = Int(text), (1...Self.logLimit).contains(number) else {
                throw APIError(.badMessage, "limit must be an integer from 1 to \(Self.logLimit)", field: "limit")
            }
            limit = number
        }
        let lines = try await tasks.log(task.id, limit: limit)
        return .json {
            $0.field("task", task.id)
            $0.field("log", array: { for line in lines { $0.value(line) } })
        }
    }

    private func task(_ context: APIContext) async throws -> TaskRecord {
        guard let task = try await tasks.task(try id(context)) else { throw TaskError.unknownTask }
        return task
    }

    private func id(_ context: APIContext) throws -> String {
        let id = try PercentEncoding.decode(context.parameters.require("id"))
        guard let id, Identifier.isValid(id) else { throw TaskError.unknownTask }
        return id
    }

    /// A result that is too large to be read as a value; it goes out as it was stored.
    private func largeResult(of task: TaskRecord) async throws -> [UInt8]? {
        guard task.resultSize != nil, task.result == nil else { return nil }
        return try await tasks.result(task.id)
    }

    /// Takes a result that is too large for a message (contracts/realtime.md §6).
    private func keepResult(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try id(context)
        guard let lease = request.uri.queryParameters["lease"].map(String.init), Identifier.isValid(lease) else {
            throw APIError(.badMessage, "lease must be that of the task", field: "lease")
        }
        try await tasks.checkLease(lease, of: id)
        try await tasks.keepResult(try await request.bytes(limit: resultLimit), for: id, lease: lease)
        return Response(status: .noContent)
    }

    private static func encoded(_ task: TaskRecord, result: [UInt8]? = nil) -> [UInt8] {
        var writer = JSONWriter(capacity: 1024 + (result?.count ?? 0))
        writer.value(task, result: result)
        return writer.bytes
    }
}
