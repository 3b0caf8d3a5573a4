/// What a peer may send before its connection fails.
///
/// All sizes are in bytes of payload.
package struct WebSocketLimits: Sendable, Hashable {
    /// The longest frame; a longer one fails the connection with 1009 as soon as its header says so.
    package var frame: Int
    /// The longest message that is delivered, counted after decompression.
    ///
    /// A longer one is counted and thrown away as it arrives, and the connection goes on.
    package var message: Int
    /// The longest message that is put up with, counted after decompression; a longer one fails with 1009.
    package var hardMessage: Int
    /// The most frames a message may have; one more fails the connection with 1008.
    package var fragments: Int
    /// Whether binary messages are accepted; if not, the first byte of one fails the connection with 1003.
    package var acceptsBinary: Bool

    /// The defaults are those of the native protocol, but binary messages are accepted.
    package init(
        frame: Int = 32 << 20,
        message: Int = 256 << 10,
        hardMessage: Int = 32 << 20,
        fragments: Int = 16_384,
        acceptsBinary: Bool = true
    ) {
        self.frame = frame
        self.message = message
        self.hardMessage = hardMessage
        self.fragments = fragments
        self.acceptsBinary = acceptsBinary
    }

    /// The most bytes a compressed message may have on the wire.
    ///
    /// Incompressible data grows by a few bytes a block; much more than that is empty blocks, which would cost
    /// time without ever reaching the limit on inflated bytes.
    var compressedMessage: Int {
        let (sum, overflow) = hardMessage.addingReportingOverflow(hardMessage / 8 + 1024)
        return overflow ? .max : sum
    }
}
