package import NIOCore

/// Moves the bytes of one taken-over connection between a NIO channel and its session.
///
/// It reads by itself (`autoRead` is off): a read burst goes to the session as a whole, what the session writes
/// meanwhile leaves in one flush, and a session that must not be read is not.
package final class ChannelDriver: ChannelInboundHandler, RemovableChannelHandler {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    private let head: Bytes
    private let session: any Session
    private var context: ChannelHandlerContext?
    private var mayRead = true
    private var isReadPending = false
    private var needsFlush = false
    private var isInBurst = false
    private var isClosing = false
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
        isInBurst = true
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
        isInBurst = false
        isReadPending = false
        flush()
        read()
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, !isClosing { session.writable() }
        context.fireChannelWritabilityChanged()
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent, !isClosing { session.inputClosed() }
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
        session.closed()
    }

    private func read() {
        guard mayRead, !isReadPending, !isClosing, let context else { return }
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
        // Closing right away would discard what the socket could not take yet; the empty write is last in the queue.
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }

    package func abort() {
        isClosing = true
        context?.close(promise: nil)
    }
}
