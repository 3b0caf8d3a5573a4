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
