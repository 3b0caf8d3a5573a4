import Domain
import NIOCore
import NIOHTTP1
import REST
import Realtime

/// Hands the connections and requests that Realtime's endpoints claim from the HTTP side to the socket side.
struct SocketTakeover: ConnectionTakeover {
    let table: EndpointTable

    func claims(path: String) -> Bool {
        table.claims(path: path)
    }

    func takeOver(_ head: HTTPRequestHead, hasBody: Bool, channel: any Channel) -> TakeoverDecision {
        switch table.answer(head, on: channel) {
        case .install(let driver): .install { _ in driver }
        case .refuse(let refusal): Self.answer(refusal)
        case .answer(let answer): .refuse(answer.head, answer.content)
        case .respond(let exchange): .respond(SocketExchange(exchange: exchange))
        }
    }

    private static func answer(_ refusal: Refusal) -> TakeoverDecision {
        let body = ByteBuffer(bytes: refusal.body)
        var headers: HTTPHeaders = [
            "content-type": "application/json",
            "content-length": String(body.readableBytes),
        ]
        for header in refusal.headers { headers.add(name: header.name, value: header.value) }
        let head = HTTPResponseHead(
            version: .http1_1,
            status: HTTPResponseStatus(statusCode: refusal.status),
            headers: headers
        )
        return .refuse(head, body)
    }
}
