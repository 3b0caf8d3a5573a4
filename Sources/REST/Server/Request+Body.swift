import Domain
import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
    /// Throws ``RequestBodyFailure/tooLarge`` when the announced length of the body is greater than `limit`.
    func checkContentLength(limit: Int) throws {
        if let text = headers[.contentLength], (Int(text) ?? .max) > limit { throw RequestBodyFailure.tooLarge }
    }

    /// The whole body, at most `limit` bytes; throws ``RequestBodyFailure`` before reading what is announced as longer.
    func bytes(limit: Int) async throws -> [UInt8] {
        try checkContentLength(limit: limit)
        var bytes: [UInt8] = []
        for try await part in body {
            guard bytes.count + part.readableBytes <= limit else { throw RequestBodyFailure.tooLarge }
            bytes.append(contentsOf: part.readableBytesView)
        }
        return bytes
    }

    /// The body as a JSON object; throws ``APIError`` for what is none (`bad_json`, `too_deep`, `bad_message`).
    func jsonObject(limit: Int) async throws -> JSON {
        let value = try JSONParser.parse(await bytes(limit: limit))
        guard case .object = value else { throw APIError(.badMessage, "the body must be a JSON object") }
        return value
    }

    /// The media type of the body, lower case, without parameters.
    var mediaType: String? {
        headers[.contentType].map { value in
            String(value.prefix { $0 != ";" }.lowercased().filter { $0 != " " && $0 != "\t" })
        }
    }
}

extension Response {
    /// An answer of JSON text that stands written.
    static func json(_ bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
        .json(ByteBuffer(bytes: bytes), status: status)
    }

    /// An answer of JSON text that stands written.
    static func json(_ text: ByteBuffer, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: text)
        )
    }

    /// An answer of one JSON object that `body` writes.
    static func json(status: HTTPResponse.Status = .ok, _ body: (inout JSONWriter) -> Void) -> Response {
        var writer = JSONWriter()
        writer.object(body)
        return .json(writer.bytes, status: status)
    }

    /// An answer of text.
    static func text(_ text: String, type: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
