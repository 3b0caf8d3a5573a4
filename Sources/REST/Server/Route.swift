import HTTPTypes
import Hummingbird

/// One method on one path; the path's parameters stand in braces, as in OpenAPI.
struct Route: Sendable {
    /// What answers it; may throw ``APIError`` and whatever else ``ErrorMiddleware`` knows.
    typealias Handler = @Sendable (Request, APIContext) async throws -> Response

    let method: HTTPRequest.Method
    let path: String
    let handler: Handler

    init(_ method: HTTPRequest.Method, _ path: String, _ handler: @escaping Handler) {
        self.method = method
        self.path = path
        self.handler = handler
    }
}
