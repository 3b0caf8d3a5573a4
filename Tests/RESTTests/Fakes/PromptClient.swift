import NIOCore
import NIOPosix

/// A client that sends a text as soon as its connection stands, on its event loop, and collects all that comes.
///
/// Unlike ``RawClient`` it never waits for its turn among other tests.
final class PromptClient: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let text: String
    private let end: EventLoopPromise<String>
    private var answer = ""

    private init(_ text: String, _ end: EventLoopPromise<String>) {
        self.text = text
        self.end = end
    }

    /// What is answered to a text until the server closes the connection.
    static func answer(to text: String, port: Int) async throws -> String {
        let group = MultiThreadedEventLoopGroup.singleton
        let end = group.next().makePromise(of: String.self)
        do {
            _ = try await ClientBootstrap(group: group)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(PromptClient(text, end))
                    }
                }
                .connect(host: "127.0.0.1", port: port).get()
        } catch {
            end.fail(error)
        }
        return try await end.futureResult.get()
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        answer += String(buffer: unwrapInboundIn(data))
    }

    func channelInactive(context: ChannelHandlerContext) { end.succeed(answer) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end.fail(error)
        context.close(promise: nil)
    }
}
