import NIOCore
import NIOHTTP1
import Synchronization

@testable import REST

/// Takes `/echo` over and echoes raw bytes; refuses `/echo` with a body, and everything on `/refused`.
final class EchoTakeover: ConnectionTakeover {
    let heads = Mutex<[HTTPRequestHead]>([])

    func claims(path: String) -> Bool { path == "/echo" || path == "/refused" }

    func takeOver(_ head: HTTPRequestHead, hasBody: Bool, channel: any Channel) -> TakeoverDecision {
        channel.eventLoop.preconditionInEventLoop()
        heads.withLock { $0.append(head) }
        if head.uri.hasPrefix("/refused") || hasBody && head.method != .PUT {
            let response = HTTPResponseHead(version: .http1_1, status: .upgradeRequired, headers: ["x-why": "test"])
            return .refuse(response, ByteBuffer(string: "no"))
        }
        return .install { _ in EchoHandler() }
    }
}

/// Writes `ready\n` when it is added, then every byte it reads; closes at the end of input.
final class EchoHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func handlerAdded(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "ready\n")), promise: nil)
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.write(wrapOutboundOut(unwrapInboundIn(data)), promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
        context.read()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { context.close(promise: nil) }
    }
}
