import Domain
import HTTPTypes
import Hummingbird
import NIOCore

/// Lets pages of any origin use the dialect with their cookies, when that is asked for (contracts/iib.md, Common rules).
struct IIBCORSMiddleware: RouterMiddleware {
    typealias Context = APIContext

    let configuration: IIBConfiguration
    let policy: AccessPolicy

    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard configuration.allowsCORS, configuration.owns(request.uri.path), let origin = request.headers[.origin]
        else { return try await next(request, context) }
        let isAllowed = IIBOrigin.isAllowed(request.headers[values: .origin])
        var response: Response
        if request.method == .options, request.headers[.accessControlRequestMethod] != nil, isHostAllowed(request) {
            response = preflight(request, isAllowed: isAllowed)
        } else {
            response = try await next(request, context)
        }
        if isAllowed {
            response.headers[.accessControlAllowOrigin] = origin
            response.headers[.accessControlAllowCredentials] = "true"
        }
        if response.headers[values: .vary].allSatisfy({ $0.lowercased() != "origin" }) {
            response.headers.append(HTTPField(name: .vary, value: "Origin"))
        }
        return response
    }

    private func preflight(_ request: Request, isAllowed: Bool) -> Response {
        guard isAllowed else {
            return .text("Disallowed CORS origin", type: "text/plain; charset=utf-8", status: .badRequest)
        }
        var response = Response.text("OK", type: "text/plain; charset=utf-8")
        response.headers[.accessControlAllowMethods] = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"
        response.headers[.accessControlMaxAge] = "600"
        response.headers[.accessControlAllowHeaders] = request.headers[.accessControlRequestHeaders]
        return response
    }

    private func isHostAllowed(_ request: Request) -> Bool {
        (try? policy.checkHost(request.head.authority.map { [$0] } ?? [])) != nil
    }
}

/// Which origins may use the dialect once any may.
enum IIBOrigin {
    /// Whether there is one origin, made of letters, digits, `_`, `.`, `/`, `:` and `-`.
    static func isAllowed(_ values: [String]) -> Bool {
        guard values.count == 1, let value = values.first, !value.isEmpty else { return false }
        return value.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "/"),
                UInt8(ascii: ":"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }
}
