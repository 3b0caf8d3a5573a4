import Domain
import HTTPTypes
import Hummingbird

/// A regular file on disk that is sent whole.
struct ServedFile: Sendable {
    let path: String
    private let status: FileStatus

    /// Looks at the file; `nil` when there is none that can be read, or when it is no regular file.
    init?(path: String) {
        guard let status = FileStatus(path: path) else { return nil }
        self.path = path
        self.status = status
    }

    /// A validator that changes when the file does.
    var tag: String { "\"\(String(status.size, radix: 16))-\(String(status.modified, radix: 16))\"" }

    /// Bytes.
    var size: Int { status.size }
    /// When it was last changed, in whole seconds since 1970.
    var modified: Int { Int((Double(status.modified) / 1e9).rounded(.down)) }

    /// What a client knows of the file and which part it wants.
    private func precondition(_ request: Request, _ tag: String) -> Precondition {
        Precondition(request, tag: tag, modified: modified)
    }

    /// The answer to `GET` or `HEAD`: 304 when the client has this version, 412 when it wants another, otherwise the file, or the part of it that
    /// is asked for where there are `ranges`.
    func response(
        to request: Request,
        context: APIContext,
        tag: String? = nil,
        headers: HTTPFields,
        ranges: RangeSupport
    ) async throws -> Response {
        let tag = tag ?? self.tag
        let precondition = precondition(request, tag)
        var headers = headers
        headers[.eTag] = tag
        headers[.lastModified] = HTTPDate.text(modified)
        if let refusal = precondition.refusal(headers) { return refusal }
        if ranges != .none { headers[.acceptRanges] = "bytes" }
        if ranges != .none, request.method == .get, precondition.allowsRange {
            let range = ByteRange(request.headers[.range], size: status.size, takesFirst: ranges == .first)
            switch range {
            case .whole: break
            case .part(let bytes):
                headers[.contentRange] = "bytes \(bytes.lowerBound)-\(bytes.upperBound)/\(status.size)"
                let body = try await FileBody.body(path: path, range: bytes, context: context)
                return Response(status: .partialContent, headers: headers, body: ExactBody.exact(body))
            case .unsatisfiable: return Precondition.unsatisfiable(headers, size: status.size)
            }
        }
        if request.method == .head {
            headers[.contentLength] = String(status.size)
            return Response(status: .ok, headers: headers)
        }
        let body = try await FileBody.body(path: path, range: nil, context: context)
        return Response(status: .ok, headers: headers, body: ExactBody.exact(body))
    }

    /// As ``response(to:context:tag:headers:ranges:)``; `servesRanges` is about single ranges.
    func response(
        to request: Request,
        context: APIContext,
        tag: String? = nil,
        headers: HTTPFields,
        servesRanges: Bool = false
    ) async throws -> Response {
        try await response(
            to: request,
            context: context,
            tag: tag,
            headers: headers,
            ranges: servesRanges ? .single : .none
        )
    }

    /// Whether `If-None-Match` names the tag, by weak comparison (RFC 9110 §13.1.2).
    static func matches(_ header: String, _ tag: String) -> Bool { Precondition.matches(header, tag) }
}
