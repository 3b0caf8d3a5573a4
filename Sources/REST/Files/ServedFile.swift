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

    /// The answer to `GET` or `HEAD`: 304 when the client has this version, otherwise the file, or the part of it that
    /// is asked for where `servesRanges`.
    func response(
        to request: Request,
        context: APIContext,
        tag: String? = nil,
        headers: HTTPFields,
        servesRanges: Bool = false
    ) async throws -> Response {
        let tag = tag ?? self.tag
        var headers = headers
        headers[.eTag] = tag
        if let known = request.headers[.ifNoneMatch], Self.matches(known, tag) {
            headers[.contentType] = nil
            var response = Response(status: .notModified, headers: headers)
            // A length here would be that of the file (RFC 9110 §8.6), not of the missing body.
            response.headers[.contentLength] = nil
            return response
        }
        if servesRanges { headers[.acceptRanges] = "bytes" }
        if servesRanges, request.method == .get, Self.allowsRange(request.headers[.ifRange], tag) {
            let range = ByteRange(request.headers[.range], size: status.size)
            if let response = try await part(range, context: context, headers: headers) { return response }
        }
        if request.method == .head {
            headers[.contentLength] = String(status.size)
            return Response(status: .ok, headers: headers)
        }
        let body = try await FileIO().loadFile(path: path, context: context)
        return Response(status: .ok, headers: headers, body: body)
    }

    /// The answer to a request for a part (RFC 9110 §15.3.7, §15.5.17); `nil` when it is for the whole.
    private func part(_ range: ByteRange, context: APIContext, headers: HTTPFields) async throws -> Response? {
        var headers = headers
        switch range {
        case .whole: return nil
        case .part(let bytes):
            headers[.contentRange] = "bytes \(bytes.lowerBound)-\(bytes.upperBound)/\(status.size)"
            let body = try await FileIO().loadFile(path: path, range: bytes, context: context)
            return Response(status: .partialContent, headers: headers, body: body)
        case .unsatisfiable:
            headers[.contentType] = nil
            headers[.cacheControl] = "no-store"
            headers[.contentRange] = "bytes */\(status.size)"
            return Response(status: .rangeNotSatisfiable, headers: headers)
        }
    }

    /// Whether `If-Range` is missing or names this very version, by strong comparison (RFC 9110 §13.1.5).
    private static func allowsRange(_ header: String?, _ tag: String) -> Bool { header.map { $0 == tag } ?? true }

    /// Whether `If-None-Match` names the tag, by weak comparison (RFC 9110 §13.1.2).
    static func matches(_ header: String, _ tag: String) -> Bool {
        header.split(separator: ",").contains { part in
            var part = part.drop { $0 == " " || $0 == "\t" }
            while part.last == " " || part.last == "\t" { part.removeLast() }
            if part == "*" { return true }
            return (part.hasPrefix("W/") ? part.dropFirst(2) : part) == tag
        }
    }
}
