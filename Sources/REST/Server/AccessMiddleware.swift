import Domain
import HTTPTypes
import Hummingbird

/// Applies the ``AccessPolicy`` to every request: Host, then Origin, then the token and its role
/// (contracts/realtime.md §10).
///
/// `GET` and `HEAD` need any role, everything else needs one that may operate, or work where the route says so. Without a token go `/healthz` and the
/// dashboard's files, which a browser fetches before it can know one.
struct AccessMiddleware: RouterMiddleware {
    typealias Context = APIContext

    let policy: AccessPolicy
    let routes: RouteTable

    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        // The codec moves the header Host into the authority.
        let hosts = request.head.authority.map { [$0] } ?? []
        try policy.checkHost(hosts)
        try policy.checkOrigin(request.headers[values: .origin], host: hosts.first)
        var context = context
        let reads = request.method == .get || request.method == .head
        if !(policy.needsToken && reads && isOpen(request.uri.path)) {
            let role = try policy.role(
                authorization: request.headers[.authorization],
                query: request.uri.queryParameters["token"].map(String.init)
            )
            guard reads || mayChange(request, role) else {
                throw APIError(.forbidden, "the token's role may not do this")
            }
            context.role = role
        }
        return try await next(request, context)
    }

    private func mayChange(_ request: Request, _ role: Role) -> Bool {
        switch routes.permission(for: request.uri.path, request.method) {
        case .usual: role.mayOperate
        case .work: role.mayWork
        }
    }

    private func isOpen(_ path: String) -> Bool {
        if path == "/healthz" { return true }
        return !path.hasPrefix("/api/") && routes.methods(for: path).isEmpty
    }
}
