import HTTPTypes
import Hummingbird

/// Serves the files of the dashboard's folder at `/`, for every path that is no route's.
///
/// No path leads out of the folder, neither by dots nor by symbolic links, and none to a hidden file.
struct DashboardMiddleware: RouterMiddleware {
    typealias Context = APIContext

    /// The page may load only what this server serves, and talk only to it.
    static let contentSecurityPolicy =
        "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; style-src 'self'; script-src 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'"

    let folder: String
    let routes: RouteTable

    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        guard request.method == .get || request.method == .head, !path.hasPrefix("/api/"),
            routes.methods(for: path).isEmpty, let file = StaticFolder(path: folder).file(for: path)
        else { return try await next(request, context) }
        return try await file.response(
            to: request,
            context: context,
            headers: [
                .contentType: MediaTypes.type(of: file.path),
                // Asked for again each time, answered by 304 as long as nothing changed.
                .cacheControl: "no-cache",
                .contentSecurityPolicy: Self.contentSecurityPolicy,
                .contentTypeOptions: "nosniff",
                .referrerPolicy: "no-referrer",
            ]
        )
    }
}

extension HTTPField.Name {
    /// How much of its address a page tells to others.
    static var referrerPolicy: Self {
        guard let name = Self("Referrer-Policy") else { preconditionFailure("a header name") }
        return name
    }
}
