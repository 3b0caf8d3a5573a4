/// One HTTP request that is answered inside HTTP; the connection goes on afterwards.
///
/// All calls come on the connection's loop.
package protocol PlainExchange: AnyObject {
    /// The most bytes of body that are taken.
    var bodyLimit: Int { get }

    /// The body is longer; answers what the client is told before its connection closes.
    func bodyTooLarge() -> PlainAnswer

    /// The whole request has come; `answer` is called once, on the loop, now or later.
    func received(_ body: [UInt8], answer: @escaping (PlainAnswer) -> Void)

    /// The client has gone before it was answered.
    func clientLeft()
}

/// An HTTP answer as a value.
package struct PlainAnswer: Sendable {
    /// The HTTP status.
    package var status: Int
    /// The headers, without those that tell the length and the fate of the connection.
    package var headers: [Refusal.Header]
    /// The body.
    package var body: Bytes

    init(status: Int, headers: [Refusal.Header], body: Bytes = Bytes()) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// A request whose answer is known before its body.
final class SettledExchange: PlainExchange {
    let bodyLimit: Int
    private let answer: PlainAnswer

    /// Gives `answer` whatever the body, of which at most `bodyLimit` bytes are waited for.
    init(_ answer: PlainAnswer, bodyLimit: Int) {
        self.answer = answer
        self.bodyLimit = bodyLimit
    }

    func bodyTooLarge() -> PlainAnswer { answer }

    func received(_ body: [UInt8], answer: @escaping (PlainAnswer) -> Void) {
        answer(self.answer)
    }

    func clientLeft() {}
}
