import Domain
import HTTPTypes
import Hummingbird

/// Lets pages of the origins named with `--allow-origin` read answers, and answers what a browser asks beforehand
/// (the Fetch standard's CORS protocol).
///
/// It stands outside the ``ErrorMiddleware``, so that such a page can read errors too. A preflight carries no token
/// and needs none; its `Host` is checked like any other's.
struct CORSMiddleware: RouterMiddleware {
    typealias Context = APIContext

    let policy: AccessPolicy

    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard policy.hasAllowedOrigins else { return try await next(request, context) }
        let origin = policy.allowedOrigin(request.headers[values: .origin])
        var response: Response
        if origin != nil, isPreflight(request), isHostAllowed(request) {
            response = Response(status: .noContent)
            for header in CrossOrigin.preflightHeaders {
                if let name = HTTPField.Name(header.name) { response.headers[name] = header.value }
            }
        } else {
            response = try await next(request, context)
        }
        for header in CrossOrigin.headers(for: origin) {
            guard let name = HTTPField.Name(header.name) else { continue }
            if name == .vary {
                response.headers.append(HTTPField(name: name, value: header.value))
            } else {
                response.headers[name] = header.value
            }
        }
        return response
    }

    private func isPreflight(_ request: Request) -> Bool {
        request.method == .options && request.headers[.accessControlRequestMethod] != nil
    }

    private func isHostAllowed(_ request: Request) -> Bool {
        (try? policy.checkHost(request.head.authority.map { [$0] } ?? [])) != nil
    }
}
