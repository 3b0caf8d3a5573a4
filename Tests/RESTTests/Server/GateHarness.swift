import NIOCore
import NIOEmbedded
import NIOHTTP1

@testable import REST

/// One connection's pipeline up to the gate on a channel without a socket, and a stand-in for Hummingbird behind it.
final class GateHarness {
    /// Stands where Hummingbird stands: notes what comes, and says what it is told to.
    final class Side: ChannelDuplexHandler, RemovableChannelHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundIn = HTTPServerResponsePart
        typealias OutboundOut = HTTPServerResponsePart

        private(set) var seen: [String] = []
        /// Hummingbird looks at what has come only at the end of a burst.
        private var burst: [String] = []
        var context: ChannelHandlerContext?

        func handlerAdded(context: ChannelHandlerContext) { self.context = context }
        func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                burst.append(
                    "\(head.method) \(head.uri)" + (head.headers.contains(name: "host") ? "" : " without host")
                )
            case .body(let body): burst.append("body \(body.readableBytes)")
            case .end: burst.append("end")
            }
        }

        func channelReadComplete(context: ChannelHandlerContext) {
            seen += burst
            burst.removeAll()
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case ChannelEvent.inputClosed = event { seen.append("input closed") }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { seen.append("error \(error)") }
        func channelInactive(context: ChannelHandlerContext) { seen.append("inactive") }
    }

    /// Stands where the socket stands: an embedded channel cannot close only one side.
    final class Socket: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer

        var hasClosedOutput = false
        var reads = 0

        func read(context: ChannelHandlerContext) {
            reads += 1
            context.read()
        }

        func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
            if mode == .output {
                hasClosedOutput = true
                promise?.succeed()
            } else {
                context.close(mode: mode, promise: promise)
            }
        }
    }

    /// Puts the stand-in into the pipeline when the gate wants it there.
    final class Router: RouterSide {
        private let side: Side
        private(set) var isOpen = false
        private(set) var isTakenOver = false
        private(set) var isClosed = false

        init(side: Side) { self.side = side }

        func open(in pipeline: ChannelPipeline.SynchronousOperations) throws {
            isOpen = true
            try pipeline.addHandler(side)
        }

        func takenOver(in pipeline: ChannelPipeline.SynchronousOperations) { isTakenOver = true }
        func close() { isClosed = true }
    }

    let channel = EmbeddedChannel()
    let socket = Socket()
    let side = Side()
    let router: Router
    let takeover = EchoTakeover()

    init(limits: HTTPLimits = HTTPLimits()) throws {
        router = Router(side: side)
        try channel.pipeline.syncOperations.addHandler(socket)
        try HTTPConnection.addGate(
            to: channel.pipeline.syncOperations,
            limits: limits,
            takeover: takeover,
            side: router
        )
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    deinit {
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    /// Receives bytes from the client, and lets the loop run.
    func receive(_ text: String) throws {
        try channel.writeInbound(ByteBuffer(string: text))
        channel.embeddedEventLoop.run()
    }

    /// Answers from the router's side.
    func respond(_ body: String = "") {
        let headers: HTTPHeaders = ["content-length": String(body.utf8.count)]
        side.context?.write(
            part(.head(HTTPResponseHead(version: .http1_1, status: .ok, headers: headers))),
            promise: nil
        )
        if !body.isEmpty { side.context?.write(part(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil) }
        side.context?.writeAndFlush(part(.end(nil)), promise: nil)
        channel.embeddedEventLoop.run()
    }

    private func part(_ part: HTTPServerResponsePart) -> NIOAny { NIOAny(part) }

    /// What went to the client since the last look.
    func sent() throws -> String {
        var text = ""
        while let data = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: data) }
        return text
    }

    /// The client closes its side.
    func endInput() {
        channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        channel.embeddedEventLoop.run()
    }
}
