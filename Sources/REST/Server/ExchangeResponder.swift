package import NIOCore
package import NIOHTTP1

/// Answers one request for a claimed path itself, past the router, and leaves the connection to HTTP.
///
/// What stands behind the request on the same connection waits for the answer, and is served after it. All calls come
/// on the connection's loop.
package protocol ExchangeResponder: AnyObject {
    /// The most bytes of body that are wanted.
    var bodyLimit: Int { get }

    /// What a client gets whose body is longer than ``bodyLimit``; the connection closes after it.
    func bodyTooLarge() -> (HTTPResponseHead, ByteBuffer)

    /// The whole request has come; called at most once.
    ///
    /// `answer` is to be called once, on the loop, at once or at any time later: nothing times the wait. Its head needs
    /// no length. Later calls, and those after the connection has ended, do nothing.
    func requestReceived(_ body: ByteBuffer, answer: @escaping (HTTPResponseHead, ByteBuffer) -> Void)

    /// The client has closed its side, or the connection has ended, before the answer; called at most once.
    ///
    /// An answer that is given all the same reaches a client that has closed only its own side.
    func clientLeft()
}
