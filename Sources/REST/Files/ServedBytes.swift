import HTTPTypes
import Hummingbird
import NIOCore

/// Something that lies in memory as it is sent, and never changes under its tag.
struct ServedBytes: Sendable {
    let body: ByteBuffer
    /// The validator, in quotes.
    let tag: String
    /// In seconds since 1970.
    let modified: Int
    /// What stands in every answer that has a body.
    let headers: HTTPFields

    init(_ bytes: [UInt8], tag: String, modified: Int, headers: HTTPFields) {
        body = ByteBuffer(bytes: bytes)
        self.tag = tag
        self.modified = modified
        var headers = headers
        headers[.eTag] = tag
        headers[.lastModified] = HTTPDate.text(modified)
        headers[.acceptRanges] = "bytes"
        self.headers = headers
    }

    /// About how much memory it takes.
    var cost: Int { body.readableBytes + 512 }

    /// The headers by which a client may go without the body.
    private static let conditions: [HTTPField.Name] = [
        .ifNoneMatch, .ifModifiedSince, .ifMatch, .ifUnmodifiedSince,
    ]

    /// The answer to `GET` or `HEAD`: 304 when the client has it, otherwise all of it or the part that is asked for.
    func response(to request: Request) -> Response {
        // Nearly all requests say nothing of this.
        if Self.conditions.contains(where: request.headers.contains),
            let refusal = Precondition(request, tag: tag, modified: modified).refusal(headers)
        {
            return refusal
        }
        guard request.method == .get else {
            var headers = headers
            headers[.contentLength] = String(body.readableBytes)
            return Response(status: .ok, headers: headers)
        }
        if let text = request.headers[.range], Precondition(request, tag: tag, modified: modified).allowsRange {
            let size = body.readableBytes
            switch ByteRange(text, size: size, takesFirst: true) {
            case .whole: break
            case .unsatisfiable: return Precondition.unsatisfiable(headers, size: size)
            case .part(let bytes):
                var headers = headers
                headers[.contentRange] = "bytes \(bytes.lowerBound)-\(bytes.upperBound)/\(size)"
                let part = body.getSlice(at: body.readerIndex + bytes.lowerBound, length: bytes.count) ?? body
                return Response(status: .partialContent, headers: headers, body: .init(byteBuffer: part))
            }
        }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: body))
    }
}
