import NIOCore
import NIOHTTP1

// What goes to the client: the router's answers, the gate's own, and the end of the connection.
extension UpgradeGate {
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch phase {
        case .taken: context.write(data, promise: promise)
        case .closing, .claimed: promise?.fail(ChannelError.ioOnClosedChannel)
        case .http:
            switch unwrapOutboundIn(data) {
            case .head(var head):
                if head.status.code >= 200 {
                    exchange?.answerBegun()
                    if exchange?.isLast != false { head.headers.replaceOrAdd(name: "connection", value: "close") }
                }
                context.write(wrapOutboundOut(.head(head)), promise: promise)
            case .body: context.write(data, promise: promise)
            case .end: finishExchange(data, promise, context)
            }
        }
    }

    func finishExchange(_ data: NIOAny, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        let isLast = exchange?.isLast != false
        exchange = nil
        if isLast {
            finish(data, promise, context)
            return
        }
        context.writeAndFlush(data, promise: promise)
        noteActivity(context)
        // Not at once: this is called from inside the HTTP side, which may be about to go.
        context.eventLoop.assumeIsolated().execute { [weak self] in self?.drain(context) }
    }

    func answer(_ status: HTTPResponseStatus, _ context: ChannelHandlerContext) {
        let body = ByteBuffer(bytes: ErrorBody.native(code: ErrorCode(status).rawValue, message: status.reasonPhrase))
        let headers: HTTPHeaders = ["content-type": "application/json"]
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        answer(head, body: body, length: body.readableBytes, context)
    }

    func answer(_ head: HTTPResponseHead, body: ByteBuffer?, length: Int, _ context: ChannelHandlerContext) {
        var head = head
        head.headers.replaceOrAdd(name: "connection", value: "close")
        head.headers.replaceOrAdd(name: "content-length", value: String(length))
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if let body, body.readableBytes > 0 { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        finish(NIOAny(HTTPServerResponsePart.end(nil)), nil, context)
    }

    /// Writes the end of the last answer and closes the connection in good order.
    private func finish(_ end: NIOAny, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        phase = .closing
        dropResponder()
        waiting.removeAll()
        decoder.discardRest()
        let written = promise ?? context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { [weak self] _ in self?.linger(context) }
        context.writeAndFlush(end, promise: written)
    }

    private func linger(_ context: ChannelHandlerContext) {
        guard context.channel.isActive, !isInputClosed else {
            context.close(promise: nil)
            return
        }
        context.close(mode: .output, promise: nil)
        tellInputClosed(context)
        schedule(limits.lingerTime, context) { _, context in context.close(promise: nil) }
        context.read()
    }
}
