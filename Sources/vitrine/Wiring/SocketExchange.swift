import NIOCore
import NIOHTTP1
import REST
import Realtime

/// A request that Realtime answers inside HTTP.
final class SocketExchange: ExchangeResponder {
    private let exchange: any PlainExchange

    init(exchange: any PlainExchange) {
        self.exchange = exchange
    }

    var bodyLimit: Int { exchange.bodyLimit }

    func bodyTooLarge() -> (HTTPResponseHead, ByteBuffer) {
        let answer = exchange.bodyTooLarge()
        return (answer.head, answer.content)
    }

    func requestReceived(_ body: ByteBuffer, answer: @escaping (HTTPResponseHead, ByteBuffer) -> Void) {
        exchange.received(Array(body.readableBytesView)) { answer($0.head, $0.content) }
    }

    func clientLeft() {
        exchange.clientLeft()
    }
}
