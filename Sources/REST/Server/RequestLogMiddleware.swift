import Domain
import HTTPTypes
import Hummingbird
import Logging

/// Gives every answer its request id, and tells log and metrics about it; outermost, so it sees every answer.
struct RequestLogMiddleware: RouterMiddleware {
    typealias Context = APIContext

    let requests: Metrics.Counter
    let seconds: Metrics.Histogram

    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var response = try await next(request, context)
        let took = start.duration(to: .now)
        response.headers[.requestID] = context.requestID
        if response.headers[.contentTypeOptions] == nil { response.headers[.contentTypeOptions] = "nosniff" }
        requests.add(1, ["method": request.method.metricsLabel, "status": String(response.status.code)])
        seconds.record(Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18)
        // The query may hold a token: only the path is told.
        context.logger.debug(
            "request",
            metadata: [
                "method": .string(request.method.rawValue), "path": .string(request.uri.path),
                "status": .stringConvertible(response.status.code), "took": .string("\(took)"),
            ]
        )
        return response
    }
}

extension HTTPField.Name {
    /// Names the request in the answer and in the server's log.
    static var requestID: Self { named("X-Request-Id") }
    /// Keeps browsers from guessing media types.
    static var contentTypeOptions: Self { named("X-Content-Type-Options") }

    private static func named(_ text: String) -> Self {
        guard let name = Self(text) else { preconditionFailure("\(text) is no header name") }
        return name
    }
}

extension HTTPRequest.Method {
    /// The method, or `other` for one that only a client thought of, so that metrics stay bounded.
    fileprivate var metricsLabel: String {
        switch self {
        case .get, .head, .post, .put, .delete, .patch, .options: rawValue
        default: "other"
        }
    }
}
