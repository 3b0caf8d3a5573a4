import HTTPTypes
import Hummingbird

/// Which parts of something can be asked for.
enum RangeSupport: Hashable, Sendable {
    /// It is sent whole.
    case none
    /// One range; of several, none.
    case single
    /// Of several ranges, the first.
    case first
}

/// What a request says of the version that it knows, held against the present one (RFC 9110 §13).
struct Precondition: Hashable, Sendable {
    /// Whether the client wants another version than the present one: 412.
    let hasFailed: Bool
    /// Whether the client has the present version: 304.
    let isKnown: Bool
    /// Whether a range may be sent: the client does not say that its part is of another version.
    let allowsRange: Bool

    /// Holds a request against a validator and a time of change, in seconds since 1970.
    ///
    /// The validator counts before the time. Times that cannot be read are as if they were not there.
    init(_ request: Request, tag: String, modified: Int) {
        if let wanted = request.headers[.ifMatch] {
            hasFailed = !Self.names(wanted, tag)
        } else if let since = request.headers[.ifUnmodifiedSince].flatMap(HTTPDate.seconds) {
            hasFailed = modified > since
        } else {
            hasFailed = false
        }
        if let known = request.headers[.ifNoneMatch] {
            isKnown = Self.matches(known, tag)
        } else if let since = request.headers[.ifModifiedSince].flatMap(HTTPDate.seconds) {
            isKnown = modified <= since
        } else {
            isKnown = false
        }
        // By strong comparison: a tag that is this one, or the very time of change.
        allowsRange = request.headers[.ifRange].map { $0 == tag || $0 == HTTPDate.text(modified) } ?? true
    }

    /// Whether `If-None-Match` names the tag, by weak comparison (RFC 9110 §13.1.2).
    ///
    /// One without quotes, as some servers write it, is taken for one with.
    static func matches(_ header: String, _ tag: String) -> Bool {
        names(header, tag, isWeak: true)
    }

    /// Whether a list of tags, or `*`, names the tag, by strong or weak comparison (RFC 9110 §8.8.3.2).
    private static func names(_ header: String, _ tag: String, isWeak: Bool = false) -> Bool {
        let bare = tag.dropFirst().dropLast()
        return header.split(separator: ",").contains { part in
            var part = part.drop { $0 == " " || $0 == "\t" }
            while part.last == " " || part.last == "\t" { part.removeLast() }
            if part == "*" { return true }
            let value = isWeak && part.hasPrefix("W/") ? part.dropFirst(2) : part
            return value == tag || value == bare
        }
    }

    /// The answer without the body, when the client has the present version or wants another one; `nil` otherwise.
    func refusal(_ headers: HTTPFields) -> Response? {
        if hasFailed { return Self.bodyless(.preconditionFailed, headers) }
        return isKnown ? Self.bodyless(.notModified, headers) : nil
    }

    /// 304, with what of `headers` says nothing of a body.
    static func notModified(_ headers: HTTPFields) -> Response { bodyless(.notModified, headers) }

    /// An answer with what of `headers` says nothing of a body.
    private static func bodyless(_ status: HTTPResponse.Status, _ headers: HTTPFields) -> Response {
        var headers = headers
        headers[.contentType] = nil
        headers[.contentEncoding] = nil
        headers[.contentDisposition] = nil
        // A length here would be that of the file (RFC 9110 §8.6), not of the missing body.
        headers[.contentLength] = nil
        var response = Response(status: status, headers: headers)
        if status == .notModified { response.headers[.contentLength] = nil }
        return response
    }

    /// 416, which says how many bytes there are (RFC 9110 §15.5.17).
    static func unsatisfiable(_ headers: HTTPFields, size: Int) -> Response {
        var headers = headers
        headers[.contentType] = nil
        headers[.contentEncoding] = nil
        headers[.contentDisposition] = nil
        headers[.expires] = nil
        headers[.cacheControl] = "no-store"
        headers[.contentRange] = "bytes */\(size)"
        return Response(status: .rangeNotSatisfiable, headers: headers)
    }
}
