import HTTPTypes
import Hummingbird

/// Refuses a body that announces more than the server takes, before any of it is read.
struct BodyLimitMiddleware: RouterMiddleware {
    typealias Context = APIContext

    let limit: Int

    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        try request.checkContentLength(limit: limit)
        return try await next(request, context)
    }
}
