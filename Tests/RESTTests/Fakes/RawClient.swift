import NIOCore
import NIOPosix
import NIOSSL

/// A client that sends bytes and reads what comes, over TCP or TLS; waits as long as its test may last.
struct RawClient {
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let channel: any Channel
    private(set) var text = ""
    private(set) var isEnded = false

    /// Connects, runs `body`, and closes.
    static func connect<Value: Sendable>(
        _ port: Int,
        tls: TLSConfiguration? = nil,
        _ body: @Sendable (inout RawClient) async throws -> Value
    ) async throws -> Value {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        let handler = try NIOSSLClientHandler(
                            context: NIOSSLContext(configuration: tls),
                            serverHostname: nil
                        )
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true)
                    )
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var client = RawClient(outbound: outbound, inbound: inbound.makeAsyncIterator(), channel: channel.channel)
            return try await body(&client)
        }
    }

    private init(
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        channel: any Channel
    ) {
        self.outbound = outbound
        self.inbound = inbound
        self.channel = channel
    }

    func send(_ text: String) async throws {
        try await outbound.write(ByteBuffer(string: text))
    }

    /// Closes this side.
    func finish() {
        outbound.finish()
    }

    /// Takes more of what comes into ``text``; false at the end.
    private mutating func readSome() async throws -> Bool {
        guard !isEnded, let buffer = try await inbound.next() else {
            isEnded = true
            return false
        }
        text += String(buffer: buffer)
        return true
    }

    /// Reads until the text has `part`, or to the end; returns all the text since the last ``forget()``.
    mutating func read(until part: String) async throws -> String {
        while !text.contains(part), try await readSome() {}
        return text
    }

    /// Reads until there are so many bytes, or to the end.
    mutating func read(count: Int) async throws -> String {
        while text.utf8.count < count, try await readSome() {}
        return text
    }

    /// Reads to the end.
    mutating func readAll() async throws -> String {
        while try await readSome() {}
        return text
    }

    mutating func forget() { text = "" }
}
