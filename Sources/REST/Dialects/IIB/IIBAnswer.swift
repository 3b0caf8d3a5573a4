import Domain
import HTTPTypes
import Hummingbird

/// The answers that many endpoints of the dialect share.
enum IIBAnswer {
    /// `null`: done, and nothing to tell.
    static let null = json { $0.null() }

    /// An answer of one JSON value that `body` writes; `capacity` is about how many bytes it takes.
    static func json(capacity: Int = 256, _ body: (inout JSONWriter) -> Void) -> Response {
        var writer = JSONWriter(capacity: capacity)
        body(&writer)
        return .json(writer.bytes)
    }

    /// An answer of one JSON object that `body` writes.
    static func object(capacity: Int = 256, _ body: (inout JSONWriter) -> Void) -> Response {
        json(capacity: capacity) { $0.object(body) }
    }
}
