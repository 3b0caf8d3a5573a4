/// A path that sends every message back, for conformance suites.
package struct EchoEndpoint: Endpoint {
    package let paths: [String]
    private let maxPayload: Int

    /// Echoes messages of up to `maxPayload` bytes; longer ones close the connection with 1009.
    package init(path: String, maxPayload: Int) {
        paths = [path]
        self.maxPayload = maxPayload
    }

    package func admit(_ request: HandshakeRequest, shard: HubShard) -> Admission {
        ConformanceAdmission.admit(request, shard: shard, maxPayload: maxPayload) { connection, slot in
            EchoSession(shard: shard, connection: connection, slot: slot)
        }
    }
}

/// The part of admission that the conformance paths share.
enum ConformanceAdmission {
    /// Fragments a message may have: suites send one byte a fragment.
    static let fragments = 1_000_000

    static func admit(
        _ request: HandshakeRequest,
        shard: HubShard,
        maxPayload: Int,
        session: (WebSocketConnection, ConnectionSlot) -> any Session
    ) -> Admission {
        let policy = HandshakePolicy(compression: PerMessageDeflate.Policy())
        switch Handshake.answer(request, policy: policy) {
        case .refuse(let status, let headers, let reason):
            return .refuse(Refusal(status: status, headers: headers, reason: reason))
        case .accept(let headers, _, let compression):
            guard let slot = shard.hub.admit() else { return .refuse(.connections) }
            let connection = WebSocketConnection(
                role: .server,
                limits: WebSocketLimits(
                    frame: maxPayload,
                    message: maxPayload,
                    hardMessage: maxPayload,
                    fragments: fragments
                ),
                compression: compression,
                contexts: shard.contexts
            )
            return .accept(
                head: ResponseHead.bytes("101 Switching Protocols", headers),
                session: session(connection, slot)
            )
        }
    }
}
