package import Domain

/// A message that is no event: an answer, a snapshot, a notice.
///
/// Never left out, never reordered.
package struct ServerMessage: Sendable {
    /// The message's `type`.
    package let type: String
    /// The whole object as JSON, `type` first.
    package let json: [UInt8]
    /// The offset that the message makes good to resume from; only `synced` has one.
    package let resumeOffset: Int?

    /// Builds a message; `body` writes what follows `type`.
    package init(_ type: String, resumeOffset: Int? = nil, _ body: (inout JSONWriter) -> Void) {
        var writer = JSONWriter()
        writer.object {
            $0.field("type", type)
            body(&$0)
        }
        self.type = type
        self.resumeOffset = resumeOffset
        json = writer.bytes
    }
}
