import HTTPTypes
import Hummingbird

/// One method on one path; the path's parameters stand in braces, as in OpenAPI.
struct Route: Sendable {
    /// What answers it; may throw ``APIError`` and whatever else ``ErrorMiddleware`` knows.
    typealias Handler = @Sendable (Request, APIContext) async throws -> Response

    /// Who may use it.
    enum Permission: Sendable {
        /// Everyone who may read when it reads, otherwise those who may operate.
        case usual
        /// Those who may run tasks for the server.
        case work
        /// Everyone, also without a token.
        case open
        /// Everyone who may read, whatever the method.
        case read
        /// Those who may operate, whatever the method.
        case operate
    }

    let method: HTTPRequest.Method
    let path: String
    let permission: Permission
    let handler: Handler

    init(
        _ method: HTTPRequest.Method,
        _ path: String,
        permission: Permission = .usual,
        _ handler: @escaping Handler
    ) {
        self.method = method
        self.path = path
        self.permission = permission
        self.handler = handler
    }
}
