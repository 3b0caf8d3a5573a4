import Domain
import HTTPTypes
import Hummingbird

/// The dialect's cross-origin headers (contracts/gallery.md §1), within this server's rules: a page of a foreign origin is
/// refused as everywhere, so `*` stands only in answers to those who sent no origin or the server's own.
///
/// `OPTIONS` is answered 200 without a body and without a token, whatever the path.
struct GalleryCORSMiddleware: RouterMiddleware {
    typealias Context = APIContext

    static let methods = "GET, POST, DELETE, PUT, PATCH, OPTIONS"
    static let headers = "Content-Type, Authorization"

    let policy: AccessPolicy

    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard GalleryPaths.owns(request.uri.path) else { return try await next(request, context) }
        let isAllowed = isAllowed(request)
        var response =
            request.method == .options && isAllowed
            ? Response(status: .ok, headers: [.contentLength: "0"]) : try await next(request, context)
        if isAllowed {
            response.headers[.accessControlAllowOrigin] = policy.allowedOrigin(request.headers[values: .origin]) ?? "*"
            response.headers[.accessControlAllowMethods] = Self.methods
            response.headers[.accessControlAllowHeaders] = Self.headers
        }
        if response.headers[values: .vary].allSatisfy({ $0.lowercased() != "origin" }) {
            response.headers.append(HTTPField(name: .vary, value: "Origin"))
        }
        return response
    }

    private func isAllowed(_ request: Request) -> Bool {
        let hosts = request.head.authority.map { [$0] } ?? []
        do {
            try policy.checkHost(hosts)
            try policy.checkOrigin(request.headers[values: .origin], host: hosts.first)
            return true
        } catch {
            return false
        }
    }
}
