import NIOCore
import NIOHTTP1

/// NIO's request decoder, with what the ``UpgradeGate`` needs to know and to steer: when a head begins, a bound on
/// its size, and what becomes of the bytes behind the last request.
///
/// The bytes behind an upgrade request belong to the next protocol even when the peer has closed its side already,
/// a case in which NIO's decoder drops them.
final class RequestDecoder: ByteToMessageDecoder {
    typealias InboundOut = HTTPServerRequestPart

    /// Fired down the pipeline at the first byte of a request.
    struct HeadBegan {}

    private enum Mode {
        case parsing
        /// NIO's decoder reads nothing behind a request that asks for an upgrade; the bytes wait.
        case stopping
        case forwarding
        case discarding
    }

    private let parser: HTTPRequestDecoder
    private let headLimit: Int
    private var mode = Mode.parsing
    private var isInHead = true
    /// How many bytes of the present head the parser has taken.
    private var headBytes = 0
    /// What stood behind a request that asks for an upgrade when the input ended.
    private(set) var rest: ByteBuffer?
    /// Whether some of a head has come and not all of it.
    private(set) var isHeadBegun = false

    init(limits: HTTPLimits) {
        var configuration = NIOHTTPDecoderLimitConfiguration()
        configuration.maxHeaderFieldSize = limits.headBytes
        configuration.maxHeaderListSize = limits.headBytes
        configuration.maxHeaderFieldCount = limits.headerFields
        parser = HTTPRequestDecoder(
            leftOverBytesStrategy: .forwardBytes,
            informationalResponseStrategy: .drop,
            limitConfiguration: configuration
        )
        headLimit = limits.headBytes
    }

    /// Says that a head has been received; `asksForUpgrade` as NIO's decoder sees it or more often.
    func headReceived(asksForUpgrade: Bool) {
        isInHead = false
        isHeadBegun = false
        headBytes = 0
        if asksForUpgrade, mode == .parsing { mode = .stopping }
    }

    /// Says that a request has been received to its end.
    func requestReceived() {
        isInHead = true
    }

    /// Hands all bytes not parsed yet, and all that follow, on as they are.
    func forwardRest() {
        mode = .forwarding
    }

    /// Throws all bytes not parsed yet, and all that follow, away.
    func discardRest() {
        mode = .discarding
    }

    func decoderAdded(context: ChannelHandlerContext) {
        parser.decoderAdded(context: context)
    }

    func decoderRemoved(context: ChannelHandlerContext) {
        parser.decoderRemoved(context: context)
    }

    func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        if passRest(context: context, buffer: &buffer) { return .needMoreData }
        if mode == .parsing, isInHead, !isHeadBegun, buffer.readableBytes > 0 {
            isHeadBegun = true
            headBytes = 0
            context.fireUserInboundEventTriggered(HeadBegan())
        }
        let before = buffer.readableBytes
        let state = try parser.decode(context: context, buffer: &buffer)
        if passRest(context: context, buffer: &buffer) { return .needMoreData }
        if mode == .parsing, isInHead, isHeadBegun {
            headBytes += before - buffer.readableBytes
            if headBytes + buffer.readableBytes > headLimit { throw HTTPParserError.headerOverflow }
        }
        return state
    }

    func decodeLast(context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool) throws -> DecodingState {
        let hasRest = buffer.readableBytes > 0
        if passRest(context: context, buffer: &buffer) {
            // No burst of reading ends here, so nobody else says that this was all.
            if mode == .forwarding, hasRest { context.fireChannelReadComplete() }
            return .needMoreData
        }
        guard mode == .parsing else {
            rest = buffer
            return .needMoreData
        }
        return try parser.decodeLast(context: context, buffer: &buffer, seenEOF: seenEOF)
    }

    /// Passes the bytes on or drops them, when they are no longer to be parsed.
    private func passRest(context: ChannelHandlerContext, buffer: inout ByteBuffer) -> Bool {
        switch mode {
        case .parsing, .stopping: return false
        case .forwarding:
            let rest = buffer
            buffer.moveReaderIndex(forwardBy: buffer.readableBytes)
            if rest.readableBytes > 0 { context.fireChannelRead(NIOAny(rest)) }
        case .discarding:
            buffer.moveReaderIndex(forwardBy: buffer.readableBytes)
        }
        return true
    }
}
