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
