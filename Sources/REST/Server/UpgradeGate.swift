import NIOCore
import NIOHTTP1

/// Stands between NIO's HTTP codec and Hummingbird, and lets a ``ConnectionTakeover`` have connections.
///
/// Hummingbird's side is made for the first request that no takeover claims; until then the gate does what that side
/// would do, at the end of input and at graceful shutdown.
/// One request at a time passes; those behind it wait until it is answered, so that a takeover never meets an
/// outstanding response. It answers by itself what is no request (400, 408, 431) and what a takeover refuses, and
/// collects the requests that an ``ExchangeResponder`` answers. After a last answer it reads on for a moment and throws
/// everything away, so that the answer is not lost to a reset.
final class UpgradeGate: ChannelDuplexHandler, RemovableChannelHandler {
    // What comes after a takeover are bytes, so the type is looked at each time.
    typealias InboundIn = Any
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Sent up the pipeline by whoever begins to read a body that the client holds back (RFC 9110 §10.1.1).
    struct BodyWanted: Sendable {}

    enum Phase {
        case http
        /// A takeover has the connection as soon as the request has come to its end.
        case claimed((any Channel) -> any ChannelHandler & RemovableChannelHandler)
        case taken
        /// The last answer has been written.
        case closing
    }

    let limits: HTTPLimits
    private let takeover: (any ConnectionTakeover)?
    let decoder: RequestDecoder
    let side: any RouterSide
    private let detach: (ChannelPipeline.SynchronousOperations) -> EventLoopFuture<Void>
    var phase = Phase.http
    var exchange: Exchange?
    /// Who answers the present request, when it is not for the router.
    var responding: Responding?
    /// What waits is not looked at until the client has read more of the answers.
    var isDrainHeld = false
    var waiting = CircularBuffer<HTTPServerRequestPart>()
    /// What was wrong with the bytes behind the present request.
    var failure: HTTPResponseStatus?
    /// Someone wants to read, and may when nothing waits any more.
    var isReadHeld = false
    /// The client has closed its side.
    var isInputClosed = false
    /// Hummingbird knows that nothing more will come.
    private var isInputClosedTold = false
    var timer: Scheduled<Void>?
    /// Whether ``timer`` watches a head.
    private var isHeadTimed = false
    var idleTimer: Scheduled<Void>?
    /// When the connection last did something of what idleness is the lack.
    var lastActivity = NIODeadline.uptimeNanoseconds(0)

    /// Makes the gate of one connection.
    ///
    /// `detach` takes the HTTP handlers out of the pipeline: the encoder at once, the decoder when its future is done.
    init(
        limits: HTTPLimits,
        takeover: (any ConnectionTakeover)?,
        decoder: RequestDecoder,
        side: any RouterSide,
        detach: @escaping (ChannelPipeline.SynchronousOperations) -> EventLoopFuture<Void>
    ) {
        self.limits = limits
        self.takeover = takeover
        self.decoder = decoder
        self.side = side
        self.detach = detach
    }

    // MARK: - The connection's life

    func handlerAdded(context: ChannelHandlerContext) {
        timeHead(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        idleTimer?.cancel()
        waiting.removeAll()
        dropResponder()
        side.close()
    }

    func schedule(
        _ time: TimeAmount,
        _ context: ChannelHandlerContext,
        _ action: @escaping (UpgradeGate, ChannelHandlerContext) -> Void
    ) {
        timer?.cancel()
        isHeadTimed = false
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: time) { [weak self] in
            guard let self else { return }
            self.timer = nil
            action(self, context)
        }
    }

    /// Gives the head that has begun its time, unless it runs already.
    func timeHead(_ context: ChannelHandlerContext) {
        guard timer == nil || !isHeadTimed else { return }
        schedule(limits.headTimeout, context) { gate, context in gate.headTimedOut(context) }
        isHeadTimed = true
    }

    func headTimedOut(_ context: ChannelHandlerContext) {
        guard case .http = phase, exchange == nil, waiting.isEmpty else { return }
        if decoder.isHeadBegun { answer(.requestTimeout, context) } else { context.close(promise: nil) }
    }

    // MARK: - Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let value = unwrapInboundIn(data)
        guard let part = value as? HTTPServerRequestPart else {
            if case .taken = phase { context.fireChannelRead(data) }
            return
        }
        switch part {
        case .head(let head): decoder.headReceived(asksForUpgrade: head.asksForUpgrade)
        case .body: break
        case .end: decoder.requestReceived()
        }
        if waiting.isEmpty, isReady { receive(part, context) } else { hold(part) }
    }

    /// Whether the next part may be looked at.
    private var isReady: Bool { exchange.map { !$0.isReceived } ?? !isDrainHeld }

    private func hold(_ part: HTTPServerRequestPart) {
        switch phase {
        case .http, .claimed: waiting.append(part)
        case .taken, .closing: break
        }
    }

    private func receive(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch phase {
        case .taken, .closing: break
        case .claimed(let make): if case .end = part { handOver(make, context) }
        case .http:
            switch part {
            case .head(let head): begin(head, context)
            case .body, .end:
                noteActivity(context)
                if let responding { collect(part, for: responding, context) } else { pass(part, context) }
            }
        }
    }

    /// Hands the rest of a request to the router.
    private func pass(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch part {
        case .head: break
        case .body(let body):
            guard let exchange, !exchange.hasFailed else { return }
            if self.exchange?.bodyReceived(body.readableBytes, limit: limits.bodyBytes) == true {
                context.fireChannelRead(wrapInboundOut(part))
            } else {
                failBody(.tooLarge, context)
            }
        case .end:
            guard exchange?.hasFailed == false else { return }
            exchange?.requestReceived()
            context.fireChannelRead(wrapInboundOut(part))
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        if let takeover, takeover.claims(path: head.path) {
            switch takeover.takeOver(head, hasBody: head.hasBody, channel: context.channel) {
            case .refuse(let response, let body):
                answer(response, body: head.method == .HEAD ? nil : body, length: body.readableBytes, context)
            case .respond(let responder): begin(head, for: responder, context)
            case .install(let make):
                phase = .claimed(make)
                if head.hasBody {
                    schedule(limits.headTimeout, context) { gate, context in gate.answer(.requestTimeout, context) }
                }
            }
            return
        }
        if !side.isOpen {
            do {
                try side.open(in: context.pipeline.syncOperations)
            } catch {
                context.close(promise: nil)
                return
            }
        }
        exchange = Exchange(head)
        if head.hasBody { noteActivity(context) }
        var head = head
        // Further on only the first would be seen; a host that stands twice is none.
        if head.headers["host"].count != 1 { head.headers.remove(name: "host") }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    func failBody(_ failure: RequestBodyFailure, _ context: ChannelHandlerContext) {
        exchange?.bodyFailed()
        guard responding == nil else {
            answer(.badRequest, context)
            return
        }
        // First what came before it.
        context.fireChannelReadComplete()
        context.fireErrorCaught(failure)
    }

    /// Goes on with what waited for an answer.
    func drain(_ context: ChannelHandlerContext) {
        while isReady, let part = waiting.popFirst() { receive(part, context) }
        // Hummingbird looks at what has come only at the end of a burst.
        if case .http = phase { context.fireChannelReadComplete() }
        guard waiting.isEmpty, case .http = phase else { return }
        if let failure {
            // Behind a complete request the failure waits for the next answer.
            guard isReady else { return }
            if exchange == nil { answer(failure, context) } else { failBody(.malformed, context) }
            return
        }
        if isInputClosed { tellInputClosed(context) }
        if exchange == nil, decoder.isHeadBegun { timeHead(context) }
        if isReadHeld {
            isReadHeld = false
            read(context: context)
        }
    }

    /// Tells Hummingbird, once, that nothing more will come.
    func tellInputClosed(_ context: ChannelHandlerContext) {
        guard side.isOpen else {
            // Nothing has been asked, so nothing is to be answered.
            if case .http = phase, exchange == nil { context.close(promise: nil) }
            return
        }
        guard !isInputClosedTold else { return }
        isInputClosedTold = true
        context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }

    // MARK: - Taking over

    private func handOver(
        _ make: (any Channel) -> any ChannelHandler & RemovableChannelHandler,
        _ context: ChannelHandlerContext
    ) {
        phase = .taken
        timer?.cancel()
        timer = nil
        idleTimer?.cancel()
        waiting.removeAll()
        decoder.forwardRest()
        let pipeline = context.pipeline.syncOperations
        do {
            try context.channel.syncOptions?.setOption(.autoRead, value: false)
            let detached = detach(pipeline)
            side.takenOver(in: pipeline)
            let handler = make(context.channel)
            if side.isOpen { try pipeline.addHandler(Severance(), position: .after(self)) }
            try pipeline.addHandler(handler, position: .after(self))
            if let rest = decoder.rest, rest.readableBytes > 0 {
                context.fireChannelRead(NIOAny(rest))
                context.fireChannelReadComplete()
            }
            if isInputClosed { context.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }
            // The gate passes the last bytes on, then nothing of it is left.
            detached.assumeIsolated().whenComplete { _ in pipeline.removeHandler(context: context, promise: nil) }
        } catch {
            context.close(promise: nil)
        }
    }
}
