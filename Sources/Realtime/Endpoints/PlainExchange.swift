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
