import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// The pipeline of one connection: NIO's HTTP codec, our ``UpgradeGate``, then what Hummingbird wants to see.
struct HTTPConnection: ServerChildChannel, HTTPChannelHandler {
    typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    let limits: HTTPLimits
    let takeover: (any ConnectionTakeover)?
    let isSecure: Bool
    let responder: HTTPChannelHandler.Responder

    init(
        limits: HTTPLimits,
        takeover: (any ConnectionTakeover)?,
        isSecure: Bool,
        responder: @escaping HTTPChannelHandler.Responder
    ) {
        self.limits = limits
        self.takeover = takeover
        self.isSecure = isSecure
        self.responder = { request, writer, channel in
            try await responder(request.continuing(on: channel), writer, channel)
        }
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let state = HTTPConnectionStateHandler(
                idleTimeout: .nanoseconds(limits.idleTimeout.nanoseconds),
                logger: logger
            )
            let pipeline = channel.pipeline.syncOperations
            try Self.addGate(to: pipeline, limits: limits, takeover: takeover, state: state)
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: isSecure))
            try pipeline.addHandler(state)
            return try NIOAsyncChannel(
                wrappingChannelSynchronously: channel,
                configuration: .init(isOutboundHalfClosureEnabled: true)
            )
        }
    }

    /// Adds NIO's HTTP handlers and the gate, which takes them and `state` out again when it hands a connection over.
    static func addGate(
        to pipeline: ChannelPipeline.SynchronousOperations,
        limits: HTTPLimits,
        takeover: (any ConnectionTakeover)?,
        state: (any RemovableChannelHandler)?
    ) throws {
        let encoder = HTTPResponseEncoder()
        let decoder = RequestDecoder(limits: limits)
        let handler = ByteToMessageHandler(decoder)
        let gate = UpgradeGate(limits: limits, takeover: takeover, decoder: decoder) { pipeline in
            pipeline.removeHandler(encoder, promise: nil)
            if let state { pipeline.removeHandler(state, promise: nil) }
            return pipeline.removeHandler(handler)
        }
        try pipeline.addHandlers([encoder, handler, gate])
    }

    func handle(value: Value, logger: Logger) async {
        await handleHTTP(asyncChannel: value, logger: logger)
    }
}
