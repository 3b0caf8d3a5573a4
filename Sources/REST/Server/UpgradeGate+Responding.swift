import NIOCore
import NIOHTTP1

// Requests that an `ExchangeResponder` answers in place of the router.
extension UpgradeGate {
    /// One such request, from its head to its answer.
    final class Responding {
        let responder: any ExchangeResponder
        let isHead: Bool
        var body = ByteBuffer()
        private var hasClientLeft = false

        init(_ responder: any ExchangeResponder, isHead: Bool) {
            self.responder = responder
            self.isHead = isHead
        }

        /// Tells the responder, once, that the client has gone.
        func tellClientLeft() {
            guard !hasClientLeft else { return }
            hasClientLeft = true
            responder.clientLeft()
        }
    }

    func begin(_ head: HTTPRequestHead, for responder: any ExchangeResponder, _ context: ChannelHandlerContext) {
        exchange = Exchange(head)
        let responding = Responding(responder, isHead: head.method == .HEAD)
        self.responding = responding
        // The end of input may have come while the request waited.
        if isInputClosed { responding.tellClientLeft() }
        guard self.responding === responding, head.hasBody else { return }
        noteActivity(context)
        if let length = head.headers.first(name: "content-length").flatMap(Int.init), length > responder.bodyLimit {
            refuseBody(responding, context)
        } else if head.expectsContinue, exchange?.knowsContinue == true {
            let head = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        }
    }

    /// Takes the rest of a request.
    func collect(_ part: HTTPServerRequestPart, for responding: Responding, _ context: ChannelHandlerContext) {
        switch part {
        case .head: break
        case .body(var piece):
            guard responding.body.readableBytes + piece.readableBytes <= responding.responder.bodyLimit else {
                refuseBody(responding, context)
                return
            }
            responding.body.writeBuffer(&piece)
        case .end:
            exchange?.requestReceived()
            let body = responding.body
            responding.body = ByteBuffer()
            responding.responder.requestReceived(body) { [weak self, weak responding] head, body in
                guard let self, let responding, self.responding === responding else { return }
                respond(head, body, isHead: responding.isHead, context)
            }
        }
    }

    private func refuseBody(_ responding: Responding, _ context: ChannelHandlerContext) {
        let (head, body) = responding.responder.bodyTooLarge()
        answer(head, body: body, length: body.readableBytes, context)
    }

    private func respond(
        _ head: HTTPResponseHead,
        _ body: ByteBuffer,
        isHead: Bool,
        _ context: ChannelHandlerContext
    ) {
        responding = nil
        guard case .http = phase, context.channel.isActive else { return }
        if isInputClosed, waiting.isEmpty { exchange?.becomesLast() }
        var head = head
        if head.status != .noContent {
            head.headers.replaceOrAdd(name: "content-length", value: String(body.readableBytes))
        }
        if exchange?.isLast != false { head.headers.replaceOrAdd(name: "connection", value: "close") }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !isHead, body.readableBytes > 0 {
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        finishExchange(NIOAny(HTTPServerResponsePart.end(nil)), nil, context)
        // One that asks and does not read must not pile up answers.
        if case .http = phase { isDrainHeld = !context.channel.isWritable }
    }

    /// Lets go of who was to answer; nobody is there for the answer.
    func dropResponder() {
        let responding = self.responding
        self.responding = nil
        responding?.tellClientLeft()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if isDrainHeld, context.channel.isWritable {
            isDrainHeld = false
            context.eventLoop.assumeIsolated().execute { [weak self] in self?.drain(context) }
        }
        context.fireChannelWritabilityChanged()
    }

    // MARK: - Idleness

    /// Begins the time anew that a connection may lie idle, between requests or inside a body.
    func noteActivity(_ context: ChannelHandlerContext) {
        lastActivity = context.eventLoop.now
        if idleTimer == nil { scheduleIdle(limits.idleTimeout, context) }
    }

    private func scheduleIdle(_ time: TimeAmount, _ context: ChannelHandlerContext) {
        idleTimer = context.eventLoop.assumeIsolated().scheduleTask(in: time) { [weak self] in
            guard let self else { return }
            idleTimer = nil
            idleTimedOut(context)
        }
    }

    /// The timer is not moved at each request; when it goes off it looks at what has happened since.
    private func idleTimedOut(_ context: ChannelHandlerContext) {
        // Whoever answers may take the time that it takes.
        guard case .http = phase, exchange?.isReceived != true else { return }
        let rest = lastActivity + limits.idleTimeout - context.eventLoop.now
        if rest > .nanoseconds(0) {
            scheduleIdle(rest, context)
        } else if responding != nil {
            answer(.requestTimeout, context)
        } else {
            context.close(promise: nil)
        }
    }
}
