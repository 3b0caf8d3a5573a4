import NIOCore
import NIOHTTP1

// What passes the gate besides requests and answers.
extension UpgradeGate {
    func read(context: ChannelHandlerContext) {
        // What waits is bounded by one burst of reading; behind a last request nothing is read at all.
        if case .http = phase, !waiting.isEmpty || exchange?.wantsNoMore == true {
            isReadHeld = true
        } else {
            context.read()
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        if case .closing = phase { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch (event, phase) {
        case (is RequestDecoder.HeadBegan, .http):
            guard exchange == nil else { return }
            timeHead(context)
        case (is RequestDecoder.HeadBegan, _): break
        case (ChannelEvent.inputClosed, .http):
            isInputClosed = true
            responding?.tellClientLeft()
            if waiting.isEmpty, responding == nil { tellInputClosed(context) }
        case (is ChannelShouldQuiesceEvent, .http) where responding != nil:
            // Its answer is the connection's last.
            exchange?.becomesLast()
        case (ChannelEvent.inputClosed, .claimed): isInputClosed = true
        case (ChannelEvent.inputClosed, .closing):
            isInputClosed = true
            context.close(promise: nil)
        case (is ChannelShouldQuiesceEvent, .http) where !side.isOpen,
            (is ChannelShouldQuiesceEvent, .claimed) where !side.isOpen:
            context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // More bytes behind those that could not be read.
        if error is ByteToMessageDecoderError { return }
        guard let error = error as? HTTPParserError else {
            context.fireErrorCaught(error)
            switch phase {
            case .http: context.close(promise: nil)
            case .claimed, .closing: if !side.isOpen { context.close(promise: nil) }
            case .taken: break
            }
            return
        }
        let status: HTTPResponseStatus = error == .headerOverflow ? .requestHeaderFieldsTooLarge : .badRequest
        switch phase {
        case .taken, .closing: break
        case .claimed: answer(status, context)
        case .http:
            guard let exchange else {
                answer(status, context)
                return
            }
            if exchange.isReceived { failure = status } else { failBody(.malformed, context) }
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is BodyWanted else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        if case .http = phase, let exchange, !exchange.isAnswering, !exchange.isReceived, exchange.knowsContinue {
            let head = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(head)), promise: promise)
        } else {
            promise?.succeed()
        }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        // In the closing phase the gate closes by itself, when the answer is sure to have arrived.
        if case .closing = phase { promise?.succeed() } else { context.close(mode: mode, promise: promise) }
    }
}
