import NIOCore
import NIOHTTP1
import Synchronization

@testable import REST

/// Takes `/echo` over and echoes raw bytes; refuses `/echo` with a body, and everything on `/refused`; answers
/// `/poll` inside HTTP, when the test says so or at once with the body.
///
/// `@unchecked Sendable`: what is not locked is used by tests that have everything on one thread.
final class EchoTakeover: ConnectionTakeover, @unchecked Sendable {
    let heads = Mutex<[HTTPRequestHead]>([])
    private(set) var responders: [PollResponder] = []
    var answersAtOnce = false
    var status = HTTPResponseStatus.ok

    func claims(path: String) -> Bool { path == "/echo" || path == "/refused" || path == "/poll" }

    func takeOver(_ head: HTTPRequestHead, hasBody: Bool, channel: any Channel) -> TakeoverDecision {
        channel.eventLoop.preconditionInEventLoop()
        heads.withLock { $0.append(head) }
        if head.uri.hasPrefix("/poll") {
            let responder = PollResponder(status: status, answersAtOnce: answersAtOnce)
            responders.append(responder)
            return .respond(responder)
        }
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

/// Notes what it is told of its request, of whose body it takes ten bytes, and answers what the test says.
final class PollResponder: ExchangeResponder {
    let bodyLimit = 10
    private let status: HTTPResponseStatus
    private let answersAtOnce: Bool
    private(set) var body: String?
    private(set) var leavings = 0
    private var reply: ((HTTPResponseHead, ByteBuffer) -> Void)?

    init(status: HTTPResponseStatus, answersAtOnce: Bool) {
        self.status = status
        self.answersAtOnce = answersAtOnce
    }

    func bodyTooLarge() -> (HTTPResponseHead, ByteBuffer) {
        (HTTPResponseHead(version: .http1_1, status: .payloadTooLarge), ByteBuffer(string: "big"))
    }

    func requestReceived(_ body: ByteBuffer, answer: @escaping (HTTPResponseHead, ByteBuffer) -> Void) {
        self.body = String(buffer: body)
        reply = answer
        if answersAtOnce { self.answer(status == .noContent ? "" : String(buffer: body)) }
    }

    func clientLeft() { leavings += 1 }

    func answer(_ text: String) {
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: ["x-from": "test"])
        reply?(head, ByteBuffer(string: text))
    }
}
