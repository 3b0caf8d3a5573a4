/// A path whose connections leave HTTP, or whose requests are answered apart from the REST API.
package protocol Endpoint: Sendable {
    /// The paths it claims, without query.
    var paths: [String] { get }

    /// Judges the head of a request for one of the paths.
    ///
    /// `shard` is that of the loop on which the connection lives.
    func admit(_ request: HandshakeRequest, shard: HubShard) -> Admission
}

/// What becomes of a request at an ``Endpoint``.
package enum Admission {
    /// An HTTP answer, after which the connection closes.
    case refuse(Refusal)
    /// An HTTP answer in other words, after which the connection closes.
    case answer(PlainAnswer)
    /// The request is answered inside HTTP, and the connection goes on.
    case respond(any PlainExchange)
    /// The head to write (101 or 200), and what speaks from then on.
    case accept(head: Bytes, session: any Session)
    /// The head to write, and nothing after it.
    case headOnly(Bytes)
}
