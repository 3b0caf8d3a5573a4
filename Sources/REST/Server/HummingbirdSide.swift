import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// Hummingbird's part of one connection's pipeline, made when it is needed.
final class HummingbirdSide: RouterSide {
    private let channel: any Channel
    private let isSecure: Bool
    private let taken: TakenConnections
    private let logger: Logger
    private let promise: EventLoopPromise<HTTPConnection.AsyncChannel?>
    private var state: HTTPConnectionStateHandler?
    private var isSettled = false

    init(channel: any Channel, isSecure: Bool, taken: TakenConnections, logger: Logger) {
        self.channel = channel
        self.isSecure = isSecure
        self.taken = taken
        self.logger = logger
        promise = channel.eventLoop.makePromise()
    }

    /// The way to the requests, or `nil` when there never was one for this side.
    var requests: EventLoopFuture<HTTPConnection.AsyncChannel?> { promise.futureResult }

    var isOpen: Bool { state != nil }

    func open(in pipeline: ChannelPipeline.SynchronousOperations) throws {
        // The gate closes idle connections: this handler does not see what others answer on the connection.
        let state = HTTPConnectionStateHandler(logger: logger)
        try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: isSecure))
        try pipeline.addHandler(state)
        let requests = try HTTPConnection.AsyncChannel(
            wrappingChannelSynchronously: channel,
            configuration: .init(isOutboundHalfClosureEnabled: true)
        )
        self.state = state
        settle(requests)
    }

    func takenOver(in pipeline: ChannelPipeline.SynchronousOperations) {
        if let state {
            // Its task waits for the end of the connection.
            pipeline.removeHandler(state, promise: nil)
        } else {
            taken.add(channel)
            settle(nil)
        }
    }

    func close() {
        settle(nil)
    }

    private func settle(_ requests: HTTPConnection.AsyncChannel?) {
        guard !isSettled else { return }
        isSettled = true
        promise.succeed(requests)
    }
}
