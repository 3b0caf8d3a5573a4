import HTTPTypes
import Hummingbird
import NIOCore

/// Sees to it that a body has the length that was announced.
///
/// A file can hold less than the system says (in `/sys`), or become shorter while it is sent. Then the connection must
/// break off: on one that goes on, the next answer would be taken for the rest of this one.
struct ExactBody: ResponseBodyWriter {
    /// There is less, or more, than was announced.
    struct Failure: Error {}

    private var writer: any ResponseBodyWriter
    private var left: Int

    private init(_ writer: any ResponseBodyWriter, _ left: Int) {
        self.writer = writer
        self.left = left
    }

    /// The body, which fails when it is not as long as it says.
    static func exact(_ body: ResponseBody) -> ResponseBody {
        guard let length = body.contentLength, length > 0 else { return body }
        return ResponseBody(contentLength: length) { writer in
            try await body.write(ExactBody(writer, length))
        }
    }

    mutating func write(_ buffer: ByteBuffer) async throws {
        guard buffer.readableBytes <= left else { throw Failure() }
        left -= buffer.readableBytes
        try await writer.write(buffer)
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
        guard left == 0 else { throw Failure() }
        try await writer.finish(trailingHeaders)
    }
}
