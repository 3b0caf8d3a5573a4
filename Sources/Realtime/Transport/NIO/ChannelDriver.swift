package import NIOCore

/// Moves the bytes of one taken-over connection between a NIO channel and its session.
///
/// It reads by itself (`autoRead` is off): a read burst goes to the session as a whole, what the session writes
/// meanwhile leaves in one flush, and a session that must not be read is not.
package final class ChannelDriver: ChannelInboundHandler, RemovableChannelHandler {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    /// How long a closing connection may take: to send what was written, and to hear the peer close too.
    static let closeTimeout = TimeAmount.seconds(5)

    private let head: Bytes
    private let session: any Session
    private var context: ChannelHandlerContext?
    private var mayRead = true
    private var isReadPending = false
    private var needsFlush = false
    private var isInBurst = false
    private var hasEndedBurst = false
    private var isClosing = false
    private var isInputClosed = false
    private var isOutputClosed = false
    private var closeDeadline: Scheduled<Void>?
    package private(set) var address = ""

    /// A driver that first writes `head`, the answer to the request that opened the connection.
    package init(head: Bytes, session: any Session) {
        self.head = head
        self.session = session
    }

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        address = context.remoteAddress?.ipAddress ?? ""
        write(head)
        session.opened(self)
        flush()
        read()
        if !context.channel.isActive { finish() }
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        finish()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if !isInBurst { beginBurst(context) }
        let buffer = unwrapInboundIn(data)
        guard !isClosing else { return }
        // The bytes are ours alone now: what else refers to the storage (NIO's pool) only wants to reuse it later.
        // Going through the mutable accessors would copy them all for that reference.
        buffer.withVeryUnsafeBytes { storage in
            let bytes = UnsafeMutableRawBufferPointer(
                mutating: UnsafeRawBufferPointer(
                    rebasing: storage[buffer.readerIndex..<buffer.writerIndex]
                )
            )
            session.received(bytes)
        }
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        isReadPending = false
        endBurst()
        read()
    }

    private func beginBurst(_ context: ChannelHandlerContext) {
        isInBurst = true
        // What came in one segment with the request is handed on by the HTTP decoder, and nothing tells its end.
        guard !hasEndedBurst else { return }
        context.eventLoop.assumeIsolated().execute { [self] in if isInBurst { endBurst() } }
    }

    private func endBurst() {
        isInBurst = false
        hasEndedBurst = true
        flush()
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, !isClosing { session.writable() }
        context.fireChannelWritabilityChanged()
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .some(.inputClosed) = event as? ChannelEvent else { return }
        isInputClosed = true
        if isClosing { finishClosing(context) } else { session.inputClosed() }
    }

    package func channelInactive(context: ChannelHandlerContext) {
        finish()
        context.fireChannelInactive()
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A broken transport: there is nobody left to tell.
        context.close(promise: nil)
    }

    private func finish() {
        guard context != nil else { return }
        context = nil
        closeDeadline?.cancel()
        closeDeadline = nil
        session.closed()
    }

    private func read() {
        guard mayRead || isClosing, !isReadPending, let context else { return }
        isReadPending = true
        context.read()
    }
}

extension ChannelDriver: Link {
    package var isWritable: Bool { context?.channel.isWritable ?? false }

    package func write(_ bytes: Bytes) {
        guard let context, !isClosing, !bytes.isEmpty else { return }
        needsFlush = true
        context.write(wrapOutboundOut(bytes.buffer), promise: nil)
    }

    package func flush() {
        guard needsFlush, !isInBurst, let context else { return }
        needsFlush = false
        context.flush()
    }

    package var isReading: Bool {
        get { mayRead }
        set {
            mayRead = newValue
            if !isInBurst { read() }
        }
    }

    package func close() {
        guard let context, !isClosing else { return }
        isClosing = true
        needsFlush = false
        let loop = context.eventLoop.assumeIsolated()
        closeDeadline = loop.scheduleTask(in: Self.closeTimeout) { context.close(promise: nil) }
        // Closing right away would discard what the socket could not take yet; the empty write is last in the queue.
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).assumeIsolated().whenComplete { [self] result in
            if case .success = result { finishClosing(context) } else { context.close(promise: nil) }
        }
    }

    package func abort() {
        isClosing = true
        context?.close(promise: nil)
    }

    /// Says that no more comes, and reads on until the peer has said the same.
    ///
    /// A socket that is closed with unread bytes is reset, and the peer would lose our last words.
    private func finishClosing(_ context: ChannelHandlerContext) {
        guard !isInputClosed else { return context.close(promise: nil) }
        guard self.context != nil, !isOutputClosed else { return }
        isOutputClosed = true
        context.close(mode: .output).assumeIsolated().whenFailure { _ in context.close(promise: nil) }
        read()
    }
}
