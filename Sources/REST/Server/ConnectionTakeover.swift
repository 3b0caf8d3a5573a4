package import NIOCore
package import NIOHTTP1

/// What takes whole connections over from HTTP: it claims paths and gets the connection with its first bytes, or
/// answers a single request.
///
/// The executable implements it with Realtime; REST knows neither WebSocket nor server-sent events.
package protocol ConnectionTakeover: Sendable {
    /// Whether requests for `path`, given without its query, are answered here and not by the router.
    func claims(path: String) -> Bool

    /// Decides on a request for a claimed path, whatever its method.
    ///
    /// Called on the channel's event loop when the head is complete, before any of the body is read, and only when
    /// every earlier request of the connection has been answered.
    func takeOver(_ head: HTTPRequestHead, hasBody: Bool, channel: any Channel) -> TakeoverDecision
}

/// The answer to a request for a claimed path.
package enum TakeoverDecision {
    /// Answered with this head and body and `Connection: close`, then closed; a `HEAD` request gets no body.
    case refuse(HTTPResponseHead, ByteBuffer)
    /// The request is answered here, and the connection goes on with HTTP.
    case respond(any ExchangeResponder)
    /// The connection leaves HTTP; the closure makes the handler that owns it from now on.
    ///
    /// The handler gets `ByteBuffer`s, beginning with what came in the same segment as the request, and writes
    /// `ByteBuffer`s, beginning with its own response when it is added. Reading is not automatic any more: it calls
    /// `read()` itself. A burst ends with `channelReadComplete`, also that of the first bytes. Nothing of the HTTP side
    /// reaches it, but what the socket tells does: errors, the end of input, and at graceful shutdown NIOExtras'
    /// `ChannelShouldQuiesceEvent`; the server runs on until the connection is closed.
    case install((any Channel) -> any ChannelHandler & RemovableChannelHandler)
}
