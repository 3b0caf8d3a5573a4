/// One taken-over connection as its driver sees it: bytes in, and word of what became of the socket.
///
/// All calls come on the connection's own loop, one at a time. A session knows its ``Link`` and nothing of what
/// moves the bytes, so a second driver needs no change here.
package protocol Session: ShardMember {
    /// The connection stands and the handshake has been written; comes first, once.
    func opened(_ link: any Link)

    /// Bytes arrived; the session may change them in place (unmasking), and must not keep the pointer.
    func received(_ bytes: UnsafeMutableRawBufferPointer)

    /// The peer sends no more.
    func inputClosed()

    /// The connection is gone; comes last, once.
    func closed()
}
