import HTTPTypes
import HummingbirdCore
import NIOCore

/// A body that the client holds back until it is wanted (`Expect: 100-continue`): the first look at it says so.
struct ContinueOnRead: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let body: RequestBody
    let channel: any Channel

    struct AsyncIterator: AsyncIteratorProtocol {
        var body: RequestBody.AsyncIterator
        /// `nil` once the client knows.
        var channel: (any Channel)?

        mutating func next() async throws -> ByteBuffer? {
            if let channel {
                self.channel = nil
                try await channel.triggerUserOutboundEvent(UpgradeGate.BodyWanted()).get()
            }
            return try await body.next()
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(body: body.makeAsyncIterator(), channel: channel)
    }
}

extension Request {
    /// The request as its routes should see it: with a body that asks for itself when the client waits for that.
    func continuing(on channel: any Channel) -> Request {
        guard headers[.expect]?.lowercased() == "100-continue" else { return self }
        var request = self
        request.body = RequestBody(asyncSequence: ContinueOnRead(body: body, channel: channel))
        return request
    }
}
