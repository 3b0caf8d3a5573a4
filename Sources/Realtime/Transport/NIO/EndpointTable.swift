package import NIOCore
package import NIOHTTP1

/// The paths that leave HTTP, and the step from a request on a NIO channel to a session.
package struct EndpointTable: Sendable {
    /// What a request to one of the paths leads to.
    package enum Outcome {
        case refuse(Refusal)
        /// An HTTP answer, after which the connection closes.
        case answer(PlainAnswer)
        /// The request is answered inside HTTP.
        case respond(any PlainExchange)
        /// Installs this handler, which writes its own response head.
        case install(ChannelDriver)
    }

    private let endpoints: [String: any Endpoint]
    private let shards: [ObjectIdentifier: HubShard]

    /// A table of `endpoints`; `loops` are the event loops in the order in which the hub was given them.
    package init(_ endpoints: [any Endpoint], hub: Hub, loops: [any EventLoop]) {
        self.endpoints = Dictionary(
            endpoints.flatMap { endpoint in endpoint.paths.map { ($0, endpoint) } },
            uniquingKeysWith: { first, _ in first }
        )
        shards = Dictionary(
            zip(loops, hub.shards).map { (ObjectIdentifier($0), $1) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// Whether requests for this path, given without query, belong to an endpoint.
    package func claims(path: String) -> Bool {
        endpoints[path] != nil
    }

    /// Judges a request for a claimed path; on the channel's event loop.
    package func answer(_ head: HTTPRequestHead, on channel: any Channel) -> Outcome {
        let request = HandshakeRequest(
            method: head.method.rawValue,
            target: head.uri,
            version: (head.version.major, head.version.minor),
            headers: head.headers.map { (name: $0.name, value: $0.value) },
            address: channel.remoteAddress?.ipAddress ?? ""
        )
        guard let endpoint = endpoints[RequestTarget(head.uri).path],
            let shard = shards[ObjectIdentifier(channel.eventLoop)]
        else { return .refuse(Refusal(status: 404, code: "bad_request", message: "nothing is here")) }
        switch endpoint.admit(request, shard: shard) {
        case .refuse(let refusal): return .refuse(refusal)
        case .answer(let answer): return .answer(answer)
        case .respond(let exchange): return .respond(exchange)
        case .accept(let head, let session): return .install(ChannelDriver(head: head, session: session))
        case .headOnly(let head): return .install(ChannelDriver(head: head, session: SilentSession()))
        }
    }
}

extension PlainAnswer {
    /// The head as NIO knows it.
    package var head: HTTPResponseHead {
        HTTPResponseHead(
            version: .http1_1,
            status: HTTPResponseStatus(statusCode: status),
            headers: HTTPHeaders(headers.map { ($0.name, $0.value) })
        )
    }

    /// The body as NIO knows it.
    package var content: ByteBuffer { body.buffer }
}
