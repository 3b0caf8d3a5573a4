import Domain
import HTTPTypes
import Hummingbird
import OrderedCollections

/// `/api/v1/task/`: running tasks, in VFrame's words (contracts/vframe.md §3, Task).
struct VFrameTaskRoutes {
    let tasks: any TaskService
    let journal: Journal
    let bodyLimit: Int
    let celery: (any CeleryWorkers)?

    var routes: [Route] {
        [
            Route(.get, "/api/v1/task/") { _, _ in VFrameAnswer.bare(index) },
            Route(.get, "/api/v1/task/info/") { _, _ in await info() },
            Route(.post, "/api/v1/task/run/") { request, _ in try await run(request) },
            Route(.post, "/api/v1/task/test/") { request, _ in try await test(request) },
        ]
    }

    private var index: JSON {
        let entries = tasks.kinds.map { kind -> (String, JSON) in
            let params = JSON.array(kind.parameters.map { .string($0) })
            return (kind.name, ["key": .string(kind.name), "title": .string(kind.title), "params": params])
        }
        let others = tasks.routed.map { ($0, VFrameTaskInfo.routed($0)) }
        return .object(OrderedDictionary(entries + others, uniquingKeysWith: { first, _ in first }))
    }

    private func info() async -> Response {
        let inspection = await celery?.inspect()
        let snapshot = journal.read { $0.tasks.snapshot }
        guard let celery, let inspection else { return VFrameAnswer.bare(VFrameTaskInfo.json(snapshot.tasks)) }
        // What Celery's workers list themselves is not listed twice.
        let theirs = Set(inspection.ids.compactMap(celery.task))
        let ours = snapshot.tasks.filter { !theirs.contains($0.id) }
        return VFrameAnswer.bare(VFrameTaskInfo.json(ours, with: inspection))
    }

    private func run(_ request: Request) async throws -> Response {
        let body = try await VFrameBody.read(request, limit: bodyLimit)
        guard let name = body["task_name"]?.string,
            tasks.routed.contains(name) || tasks.kinds.contains(where: { $0.name == name })
        else {
            return VFrameAnswer.failure(.unknownTask)
        }
        return try await submit(name, body) { ["uuid": .string($0.id), "task_name": .string($0.name)] }
    }

    private func test(_ request: Request) async throws -> Response {
        let body = try await VFrameBody.read(request, limit: bodyLimit)
        return try await submit("long_task", body) { ["uuid": .string($0.id)] }
    }

    private func submit(_ name: String, _ body: JSON, _ answer: (TaskRecord) -> JSON) async throws -> Response {
        let params = body["params"] ?? [:]
        guard case .object = params, params.encoded.count <= TaskRequest.paramsLimit else {
            let failure = TaskRecord.Failure(code: "bad_params", message: "params must be an object of at most 64 KiB")
            return VFrameAnswer.failure(.badParams(failure))
        }
        do {
            let task = try await tasks.submit(TaskRequest(name: name, params: params))
            return VFrameAnswer.bare(answer(task), status: .accepted)
        } catch TaskError.internal(let text) {
            // Its text is for the log alone.
            throw TaskError.internal(text)
        } catch {
            return VFrameAnswer.failure(error)
        }
    }
}
