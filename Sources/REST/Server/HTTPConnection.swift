import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// The pipeline of one connection: NIO's HTTP codec, our ``UpgradeGate``, then what Hummingbird wants to see.
///
/// Hummingbird's part is made for the first request that is for the router: a socket, most often taken over at its
/// first request, never has it.
struct HTTPConnection: ServerChildChannel, HTTPChannelHandler {
    typealias AsyncChannel = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    /// A connection whose requests may not have come yet.
    struct Value: ServerChildChannelValue {
        let channel: any Channel
        /// What the router reads from; `nil` once the connection is closed or taken over without a request for it.
        let requests: EventLoopFuture<AsyncChannel?>
    }

    let limits: HTTPLimits
    let takeover: (any ConnectionTakeover)?
    let isSecure: Bool
    let responder: HTTPChannelHandler.Responder
    /// Knows the connections that have left HTTP without a task.
    let taken: TakenConnections

    init(
        limits: HTTPLimits,
        takeover: (any ConnectionTakeover)?,
        isSecure: Bool,
        taken: TakenConnections,
        responder: @escaping HTTPChannelHandler.Responder
    ) {
        self.limits = limits
        self.takeover = takeover
        self.isSecure = isSecure
        self.taken = taken
        self.responder = { request, writer, channel in
            try await responder(request.continuing(on: channel), writer, channel)
        }
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            // NIO keeps the first buffer for as long as the connection lives; it grows with what is read.
            try channel.syncOptions?.setOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 512, maximum: 64 * 1024)
            )
            let side = HummingbirdSide(channel: channel, isSecure: isSecure, taken: taken, logger: logger)
            let value = Value(channel: channel, requests: side.requests)
            do {
                try Self.addGate(to: channel.pipeline.syncOperations, limits: limits, takeover: takeover, side: side)
            } catch {
                side.close()
                throw error
            }
            return value
        }
    }

    /// Adds NIO's HTTP handlers and the gate, which takes them out again when it hands a connection over.
    static func addGate(
        to pipeline: ChannelPipeline.SynchronousOperations,
        limits: HTTPLimits,
        takeover: (any ConnectionTakeover)?,
        side: any RouterSide
    ) throws {
        let encoder = HTTPResponseEncoder()
        let decoder = RequestDecoder(limits: limits)
        let handler = ByteToMessageHandler(decoder)
        let gate = UpgradeGate(limits: limits, takeover: takeover, decoder: decoder, side: side) { pipeline in
            pipeline.removeHandler(encoder, promise: nil)
            return pipeline.removeHandler(handler)
        }
        try pipeline.addHandlers([encoder, handler, gate])
    }

    func handle(value: Value, logger: Logger) async {
        let requests = await withTaskCancellationHandler {
            try? await value.requests.get()
        } onCancel: {
            value.channel.close(promise: nil)
        }
        // A connection that is taken over has no task from here on, which is most of what it would cost.
        guard let requests = requests ?? nil else { return }
        await handleHTTP(asyncChannel: requests, logger: logger)
    }
}
