import Domain
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Turns every error into an answer in the shape of the path's dialect; what is not foreseen becomes a 500 whose
/// cause stands only in the log.
struct ErrorMiddleware: RouterMiddleware {
    typealias Context = APIContext

    let routes: RouteTable
    /// The dialect of Infinite Image Browsing, when it is served.
    var iib: IIBConfiguration?
    /// Whether the dialect of the model gallery is served.
    var servesGallery = false

    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            return answer(to: error, request, context)
        }
    }

    private func answer(to error: any Error, _ request: Request, _ context: APIContext) -> Response {
        switch Dialect(path: request.uri.path, iib: iib, servesGallery: servesGallery) {
        case .native:
            let error = apiError(error, request, context)
            let body = ErrorBody.native(code: error.code.rawValue, message: error.message, field: error.field)
            return answer(error.code.status, error.headers, body, request)
        case .vframe:
            let error = apiError(error, request, context)
            return answer(error.code.status, error.headers, VFrameAnswer.error(error.message), request)
        case .iib:
            let error = iibError(error, request, context)
            return answer(error.status, error.headers, error.body, request)
        case .gallery:
            let error = galleryError(error, request, context)
            return answer(error.status, error.headers, error.body, request)
        }
    }

    private func apiError(_ error: any Error, _ request: Request, _ context: APIContext) -> APIError {
        switch error {
        case let error as APIError: return error
        case TaskError.internal(let text): return unforeseen(text, request, context)
        case let error as TaskError: return APIError(error)
        case let error as AccessPolicy.Refusal: return APIError(error)
        case let error as RequestBodyFailure: return APIError(error)
        case let error as JSONError: return APIError(error)
        // Cut off by the end of the server.
        case is CancellationError: return APIError(.shuttingDown, "the server is stopping")
        case let error as HTTPError where error.status == .notFound: return notFound(request)
        case let error as HTTPError:
            return APIError(ErrorCode(status: error.status.code), error.status.reasonPhrase)
        default: return unforeseen(String(reflecting: error), request, context)
        }
    }

    private func unforeseen(_ text: String, _ request: Request, _ context: APIContext) -> APIError {
        context.logger.error("request failed", metadata: ["path": .string(request.uri.path), "error": .string(text)])
        return APIError(.internal, "the server failed; its log has more under request \(context.requestID)")
    }

    private func notFound(_ request: Request) -> APIError {
        let methods = routes.methods(for: request.uri.path)
        // A path can be one route's for a method, and another's with a parameter for others.
        guard !methods.isEmpty, !methods.contains(request.method) else { return APIError(.notFound, "not found") }
        var error = APIError(.methodNotAllowed, "the path knows no \(request.method.rawValue)")
        error.headers[.allow] = methods.map(\.rawValue).joined(separator: ", ")
        return error
    }

    private func galleryError(_ error: any Error, _ request: Request, _ context: APIContext) -> GalleryError {
        if let known = GalleryError(error) { return known }
        let error = apiError(error, request, context)
        var answer = GalleryError(error.code.status, error.message)
        answer.headers = error.headers
        return answer
    }

    private func iibError(_ error: any Error, _ request: Request, _ context: APIContext) -> IIBError {
        if let known = IIBError(error, in: iib?.language ?? .english) { return known }
        let error = apiError(error, request, context)
        var answer: IIBError =
            switch error.code {
            case .notFound: .notFound
            case .methodNotAllowed: IIBError(.methodNotAllowed, "Method Not Allowed")
            case .internal: .unforeseen
            default: IIBError(error.code.status, text: error.message)
            }
        answer.headers = error.headers
        return answer
    }

    private func answer(
        _ status: HTTPResponse.Status,
        _ headers: HTTPFields,
        _ body: [UInt8],
        _ request: Request
    ) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        headers[.cacheControl] = "no-store"
        let response = Response(
            status: status,
            headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: body))
        )
        return request.method == .head ? response.createHeadResponse() : response
    }
}
