/// One WebSocket connection after its handshake, without any I/O (RFC 6455 §5 to §8, RFC 7692).
///
/// Bytes go in through `receive`, what they mean comes out through a `WebSocketConsumer`, and what has to be
/// sent is written into a `ByteSink`. There is no clock in it: the driver closes a connection whose peer is
/// silent or does not answer a close frame. Confined to the loop of its driver.
///
/// An idle connection holds no buffer and, without context takeover, no zlib state.
package final class WebSocketConnection {
    /// How far the closing handshake has come (RFC 6455 §7.1).
    package enum State: Sendable, Hashable {
        /// Messages go both ways.
        case open
        /// Our close frame is written, the peer's has not come. Messages that still arrive are not delivered.
        case closeSent
        /// Both close frames have been seen, or the connection has failed. Nothing more is read or written.
        case closing
        /// The transport has ended.
        case closed
    }

    /// Which end we are.
    package let role: WebSocketRole
    /// How far the closing handshake has come.
    package internal(set) var state = State.open
    /// What the peer may send; see `setMessageLimit`.
    package internal(set) var limits: WebSocketLimits
    /// What was negotiated about compression; nil for none.
    package let compression: PerMessageDeflate.Agreed?
    let contexts: DeflateContexts
    /// Where a client takes its mask keys from; each must be unpredictable (RFC 6455 §5.3).
    let maskKeys: () -> UInt32

    // MARK: The frame that is being received

    /// The bytes of a header that has arrived in part.
    var headerBytes: (UInt64, UInt64) = (0, 0)
    var headerCount = 0
    /// The frame whose payload has arrived in part; its key is that of the next byte.
    var frame: FrameHeader?
    var frameRemaining = 0
    /// The payload of a control frame that has arrived in part.
    var control = AssemblyBuffer()

    // MARK: The message that is being received

    var message: IncomingMessage?
    /// The payload of the message as far as it is not delivered in place.
    var assembly = AssemblyBuffer()
    /// The decompressor of the message, or, with context takeover, of all.
    var inflater: Inflater?

    // MARK: Sending

    /// With context takeover, the compressor of all our messages.
    var deflater: Deflater?
    var deflaterNeedsReset = false
    /// Whether the connection failed, which ends it for clients too.
    var hasFailed = false
    /// Whether our own `close` came before the peer's close frame.
    var closedByUs = false

    /// Makes an open connection, directly after the handshake.
    ///
    /// `contexts` is the loop's; without one the connection makes its own. `maskKeys` is asked for a key for
    /// each frame a client sends.
    package init(
        role: WebSocketRole,
        limits: WebSocketLimits = WebSocketLimits(),
        compression: PerMessageDeflate.Agreed? = nil,
        contexts: DeflateContexts? = nil,
        maskKeys: @escaping () -> UInt32 = { UInt32.random(in: .min ... .max) }
    ) {
        self.role = role
        self.limits = limits
        self.compression = compression
        self.contexts = contexts ?? DeflateContexts()
        self.maskKeys = maskKeys
    }

    deinit {
        if let inflater, !peerTakesOver { contexts.giveBack(inflater) }
    }

    /// Whether the driver should end the transport once everything written is flushed.
    ///
    /// A server ends it first after the closing handshake, a client waits for that (RFC 6455 §7.1.1); after a
    /// failure both do.
    package var shouldCloseTransport: Bool {
        state == .closing && (role == .server || hasFailed)
    }

    /// Sets how long messages may be, from the next frame on.
    ///
    /// `soft` and `hard` are as in `WebSocketLimits`.
    package func setMessageLimit(soft: Int, hard: Int) {
        limits.message = soft
        limits.hardMessage = hard
    }

    /// Bytes of memory held for what has arrived in part; zero when the connection is idle.
    package var heldBytes: Int {
        assembly.capacity + control.capacity
    }

    /// Whether the connection holds a zlib state of its own at the moment.
    package var holdsCompressionState: Bool {
        inflater != nil || deflater != nil
    }

    /// Whether received bytes still mean anything.
    var isReading: Bool {
        @inline(__always) get { state == .open || state == .closeSent }
    }

    /// Whether the peer's messages may refer to its earlier ones.
    var peerTakesOver: Bool {
        compression?.takesOver(role == .server ? .client : .server) ?? false
    }
}

/// What is known of a message before it is complete.
struct IncomingMessage {
    var opcode: Opcode
    var isCompressed: Bool
    /// Bytes of payload so far, after decompression.
    var byteCount = 0
    /// Bytes of payload so far on the wire.
    var wireCount = 0
    var fragments = 0
    var isASCII = true
    /// Whether it went over the limit for delivery; then its bytes are only counted and checked.
    var isOversized = false
    var utf8 = UTF8Validator()
}
