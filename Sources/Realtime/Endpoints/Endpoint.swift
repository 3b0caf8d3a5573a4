/// A path whose connections leave HTTP: it judges a request and makes the session that takes over.
package protocol Endpoint: Sendable {
    /// The path it claims, without query.
    var path: String { get }

    /// Judges the head of a request for the path.
    ///
    /// `shard` is that of the loop on which the connection lives.
    func admit(_ request: HandshakeRequest, shard: HubShard) -> Admission
}

/// What becomes of a request at an ``Endpoint``.
package enum Admission {
    /// An HTTP answer, after which the connection closes.
    case refuse(Refusal)
    /// The head to write (101 or 200), and what speaks from then on.
    case accept(head: Bytes, session: any Session)
    /// The head to write, and nothing after it.
    case headOnly(Bytes)
}
