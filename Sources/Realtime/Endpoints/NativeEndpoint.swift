package import Domain

/// `/ws`: the native protocol `vitrine.v1` (contracts/realtime.md §10).
package struct NativeEndpoint: Endpoint {
    package let paths = ["/ws"]
    private let access: AccessPolicy
    private let tasks: any TaskCommands
    private let policy = HandshakePolicy(subprotocols: .oneOf(["vitrine.v1"]), compression: .shared)

    /// The endpoint for those whom `access` lets in.
    package init(access: AccessPolicy, tasks: any TaskCommands) {
        self.access = access
        self.tasks = tasks
    }

    package func admit(_ request: HandshakeRequest, shard: HubShard) -> Admission {
        let role: Role
        do throws(AccessPolicy.Refusal) {
            role = try access.role(of: request, target: RequestTarget(request.target))
        } catch {
            return .refuse(Refusal(error))
        }
        switch Handshake.answer(request, policy: policy) {
        case .refuse(let status, let headers, let reason):
            return .refuse(Refusal(status: status, headers: headers, reason: reason))
        case .accept(let headers, _, let compression):
            guard let slot = shard.hub.admit() else { return .refuse(.connections) }
            return .accept(
                head: ResponseHead.bytes("101 Switching Protocols", headers),
                session: NativeSession(
                    shard: shard,
                    tasks: tasks,
                    role: role,
                    compression: compression,
                    slot: slot
                )
            )
        }
    }
}

extension Refusal {
    /// What the opening handshake refused.
    init(status: Int, headers: [(name: String, value: String)], reason: String) {
        self.init(
            status: status,
            headers: headers.map { Header(name: $0.name, value: $0.value) },
            code: status == 426 ? "unsupported_version" : "bad_request",
            message: reason
        )
    }
}
