import Domain
import HTTPTypes
import Hummingbird

/// Applies the ``AccessPolicy`` to every request: Host, then Origin, then the token and its role
/// (contracts/realtime.md §10).
///
/// `GET` and `HEAD` need any role, everything else one that may operate, unless the route says otherwise. Without a
/// token go `/healthz` and the dashboard's files, which a browser fetches before it can know one. In the dialect of
/// Infinite Image Browsing a cookie stands for a token (``IIBLogin``).
struct AccessMiddleware: RouterMiddleware {
    typealias Context = APIContext

    let policy: AccessPolicy
    let routes: RouteTable
    private let iib: IIBConfiguration?
    private let login: IIBLogin

    init(policy: AccessPolicy, routes: RouteTable, iib: IIBConfiguration? = nil) {
        self.policy = policy
        self.routes = routes
        self.iib = iib
        login = IIBLogin(policy: policy)
    }

    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        let isIIB = iib?.owns(path) ?? false
        // The codec moves the header Host into the authority.
        let hosts = request.head.authority.map { [$0] } ?? []
        try policy.checkHost(hosts)
        let origins = request.headers[values: .origin]
        if !(isIIB && iib?.allowsCORS == true && IIBOrigin.isAllowed(origins)) {
            try policy.checkOrigin(origins, host: hosts.first)
        }
        var context = context
        let reads = request.method == .get || request.method == .head
        let permission = policy.needsToken || !reads ? routes.permission(for: path, request.method) : .usual
        if permission != .open, !(policy.needsToken && reads && isOpen(path)) {
            let role = try role(request, isIIB: isIIB)
            guard allows(permission, role, reads: reads) else {
                throw APIError(.forbidden, "the token's role may not do this")
            }
            context.role = role
        }
        return try await next(request, context)
    }

    private func role(_ request: Request, isIIB: Bool) throws -> Role {
        if isIIB, let role = login.role(request.headers) { return role }
        return try policy.role(
            authorization: request.headers[.authorization],
            query: request.uri.queryParameters["token"].map(String.init)
        )
    }

    private func allows(_ permission: Route.Permission, _ role: Role, reads: Bool) -> Bool {
        switch permission {
        case .open, .read: true
        case .usual: reads || role.mayOperate
        case .operate: role.mayOperate
        case .work: reads || role.mayWork
        }
    }

    private func isOpen(_ path: String) -> Bool {
        if path == "/healthz" { return true }
        return !path.hasPrefix("/api/") && routes.methods(for: path).isEmpty
    }
}
