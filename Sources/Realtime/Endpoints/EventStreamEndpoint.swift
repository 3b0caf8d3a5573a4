package import Domain

/// `/events`: the hub as Server-Sent Events (contracts/realtime.md §7).
package struct EventStreamEndpoint: Endpoint {
    package let paths = ["/events"]
    private let access: AccessPolicy
    private let tasks: any FinishedTasks
    private static let defaultTopics: [Topic] = [.tasks, .training, .clients, .library]

    /// The endpoint for those whom `access` lets in.
    package init(access: AccessPolicy, tasks: any FinishedTasks) {
        self.access = access
        self.tasks = tasks
    }

    package func admit(_ request: HandshakeRequest, shard: HubShard) -> Admission {
        let origin = access.allowedOrigin(request.values("Origin"))
        // No cache keeps what is answered here, so others need no `Vary`.
        let crossOrigin = origin == nil ? [] : CrossOrigin.headers(for: origin)
        do throws(Refusal) {
            if origin != nil, request.method == "OPTIONS", !request.values("Access-Control-Request-Method").isEmpty {
                return try preflight(request, crossOrigin)
            }
            return try open(request, shard: shard, crossOrigin: crossOrigin)
        } catch {
            var refusal = error
            refusal.headers += crossOrigin.map { Refusal.Header(name: $0.name, value: $0.value) }
            return .refuse(refusal)
        }
    }

    /// What a browser asks beforehand, without a token; only `Host` is checked.
    private func preflight(
        _ request: HandshakeRequest,
        _ crossOrigin: [(name: String, value: String)]
    ) throws(Refusal) -> Admission {
        do throws(AccessPolicy.Refusal) {
            try access.checkHost(request.values("Host"))
        } catch {
            throw Refusal(error)
        }
        let connection = [(name: "Connection", value: "close")]
        return .headOnly(
            ResponseHead.bytes("204 No Content", crossOrigin + CrossOrigin.preflightHeaders + connection)
        )
    }

    private func open(
        _ request: HandshakeRequest,
        shard: HubShard,
        crossOrigin: [(name: String, value: String)]
    ) throws(Refusal) -> Admission {
        let target = RequestTarget(request.target)
        let role: Role
        do throws(AccessPolicy.Refusal) {
            role = try access.role(of: request, target: target)
        } catch {
            throw Refusal(error)
        }
        guard request.method == "GET" || request.method == "HEAD" else {
            throw Refusal(
                status: 405,
                headers: [Refusal.Header(name: "Allow", value: "GET, HEAD")],
                code: "bad_request",
                message: "the method must be GET"
            )
        }
        let lengths = request.values("Content-Length")
        guard request.values("Transfer-Encoding").isEmpty, lengths.allSatisfy({ Int($0) == 0 }) else {
            throw Refusal(status: 400, code: "bad_request", message: "the request must not have a body")
        }
        let topics = try topics(target["topics"], role: role, limit: shard.hub.configuration.maxSubscriptions)
        let since = try since(request, target)
        let head = ResponseHead.bytes(
            "200 OK",
            [
                ("Content-Type", "text/event-stream"), ("Cache-Control", "no-store"),
                ("X-Accel-Buffering", "no"), ("Connection", "close"),
            ] + crossOrigin
        )
        if request.method == "HEAD" { return .headOnly(head) }
        guard let slot = shard.hub.admit() else { throw .connections }
        return .accept(
            head: head,
            session: EventStreamSession(
                shard: shard,
                tasks: tasks,
                role: role,
                topics: topics,
                since: since,
                slot: slot
            )
        )
    }

    private func topics(_ names: String?, role: Role, limit: Int) throws(Refusal) -> [Topic] {
        guard let names else { return Self.defaultTopics }
        var topics: [Topic] = []
        for name in names.split(separator: ",", omittingEmptySubsequences: false) {
            guard let topic = Topic(name: String(name)) else {
                throw Refusal(status: 400, code: "unknown_topic", message: "there is no topic \(name.prefix(200))")
            }
            if topic == .log, !role.mayOperate {
                throw Refusal(
                    status: 403,
                    code: "forbidden",
                    message: "the role \(role.rawValue) may not read the log"
                )
            }
            if !topics.contains(topic) { topics.append(topic) }
        }
        guard topics.count <= limit else {
            throw Refusal(status: 400, code: "limit_subscriptions", message: "more than \(limit) topics")
        }
        return topics
    }

    /// The header `Last-Event-ID` wins over the query, which a browser repeats unchanged when it reconnects.
    private func since(_ request: HandshakeRequest, _ target: RequestTarget) throws(Refusal) -> ResumePoint? {
        let header = request.values("Last-Event-ID").first { !$0.isEmpty }
        guard let text = header ?? target["since"], !text.isEmpty else { return nil }
        guard let since = ResumePoint(text) else {
            throw Refusal(status: 400, code: "bad_request", message: "since is <epoch>:<offset>")
        }
        return since
    }
}
