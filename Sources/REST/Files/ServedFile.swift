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

    /// The answer to `GET` or `HEAD`: 304 when the client has this version, otherwise the file.
    func response(
        to request: Request,
        context: APIContext,
        tag: String? = nil,
        headers: HTTPFields
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
        if request.method == .head {
            headers[.contentLength] = String(status.size)
            return Response(status: .ok, headers: headers)
        }
        let body = try await FileIO().loadFile(path: path, context: context)
        return Response(status: .ok, headers: headers, body: body)
    }

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
