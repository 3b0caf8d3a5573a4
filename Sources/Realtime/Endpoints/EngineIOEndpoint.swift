package import Domain

/// A path that speaks Engine.IO 3 and 4, by polling and WebSocket (contracts/socketio.md §1, §2).
package struct EngineIOEndpoint: Endpoint {
    package let paths: [String]
    private let configuration: EngineIOConfiguration
    private let access: AccessPolicy?
    private let application: @Sendable (EngineSession) -> any EngineApplication
    private let directory = EngineDirectory()

    /// The endpoint for `path`, with and without the slash at its end.
    ///
    /// Without `access` everyone is let in, from pages of every origin. `application` is asked for what speaks on top
    /// of each session, on the loop of the session's shard.
    package init(
        path: String,
        configuration: EngineIOConfiguration,
        access: AccessPolicy?,
        application: @escaping @Sendable (EngineSession) -> any EngineApplication
    ) {
        let bare = path.hasSuffix("/") ? String(path.dropLast()) : path
        paths = [bare + "/", bare]
        self.configuration = configuration
        self.access = access
        self.application = application
    }

    package func admit(_ request: HandshakeRequest, shard: HubShard) -> Admission {
        let upgrades = request.list("Upgrade").flatMap(HeaderScanner.tokens) ?? []
        let isUpgrade = upgrades.contains { $0.lowercased() == "websocket" }
        let crossOrigin = crossOrigin(request)
        do throws(EngineIORefusal) {
            if request.method == "OPTIONS", !crossOrigin.isEmpty {
                return try preflight(request, crossOrigin)
            }
            return try open(request, shard: shard, isUpgrade: isUpgrade, crossOrigin: crossOrigin)
        } catch {
            let answer = EngineExchange.answer(to: error, crossOrigin)
            if isUpgrade { return .answer(answer) }
            return .respond(SettledExchange(answer, bodyLimit: configuration.maxPayload))
        }
    }

    private func open(
        _ request: HandshakeRequest,
        shard: HubShard,
        isUpgrade: Bool,
        crossOrigin: [Refusal.Header]
    ) throws(EngineIORefusal) -> Admission {
        let target = RequestTarget(request.target)
        let session = target["sid"].flatMap { directory[$0] }
        let role = try role(of: request, target, isKnown: session != nil)
        let wanted = try EngineIORequest(
            method: request.method,
            target: target,
            isUpgrade: isUpgrade,
            isKnown: { _ in session != nil }
        )
        let start = { @Sendable () throws(EngineIORefusal) -> EngineSession in
            guard let slot = shard.hub.admit() else { throw .tooManyConnections }
            return EngineSession(
                shard: shard,
                request: wanted,
                role: role,
                address: request.address,
                target: target,
                configuration: configuration,
                directory: directory,
                slot: slot,
                application: application
            )
        }
        switch wanted.transport {
        case .webSocket: return try upgrade(request, wanted, shard: shard, session: session, start: start)
        case .polling:
            let purpose: EngineExchange.Purpose
            if let session {
                purpose =
                    request.method == "POST" ? .post(session, form: form(of: request, wanted)) : .poll(session)
            } else {
                purpose = .open(start)
            }
            return .respond(
                EngineExchange(
                    wanted,
                    for: purpose,
                    shard: shard,
                    bodyLimit: configuration.maxPayload,
                    crossOrigin: crossOrigin
                )
            )
        }
    }

    private func upgrade(
        _ request: HandshakeRequest,
        _ wanted: EngineIORequest,
        shard: HubShard,
        session: EngineSession?,
        start: () throws(EngineIORefusal) -> EngineSession
    ) throws(EngineIORefusal) -> Admission {
        guard case .accept(let headers, _, _) = Handshake.answer(request, policy: HandshakePolicy()) else {
            throw .badRequest
        }
        if let session, session.version != wanted.version { throw .badRequest }
        let purpose: EngineSocket.Purpose
        if let session { purpose = .upgrade(session) } else { purpose = .open(try start()) }
        return .accept(
            head: ResponseHead.bytes("101 Switching Protocols", headers),
            session: EngineSocket(
                shard: shard,
                version: wanted.version,
                maxPayload: configuration.maxPayload,
                purpose: purpose
            )
        )
    }

    /// How the body of a POST is to be read; `nil` when its type cannot be.
    private func form(of request: HandshakeRequest, _ wanted: EngineIORequest) -> EngineIOPayload.Form? {
        let isBinary =
            wanted.script == nil
            && request.values("Content-Type").contains { $0.lowercased().hasPrefix("application/octet-stream") }
        switch wanted.version {
        case .v3: return isBinary ? .v3Binary : .v3Text
        case .v4: return isBinary ? nil : .v4
        }
    }

    // MARK: - Who may

    /// The role of the client; a token is asked for only when the session begins, whose id is as good as one.
    private func role(
        of request: HandshakeRequest,
        _ target: RequestTarget,
        isKnown: Bool
    ) throws(EngineIORefusal) -> Role {
        let origins = request.values("Origin")
        guard origins.allSatisfy({ $0.unicodeScalars.allSatisfy { (" "..."~").contains($0) } }) else {
            throw .badRequest
        }
        // A page of another site may load any address as a script, which carries no Origin; browsers say so here.
        let site = request.values("Sec-Fetch-Site").first
        if access != nil, target["j"] != nil, let site, site != "same-origin", site != "none" { throw .forbidden }
        guard let access else { return .admin }
        do throws(AccessPolicy.Refusal) {
            guard isKnown else { return try access.role(of: request, target: target) }
            try access.checkHost(request.values("Host"))
            try access.checkOrigin(origins, host: request.values("Host").first)
            return .viewer
        } catch {
            throw .forbidden
        }
    }

    /// What pages of an allowed origin need in every answer; browsers' clients send cookies along.
    private func crossOrigin(_ request: HandshakeRequest) -> [Refusal.Header] {
        let origins = request.values("Origin")
        let origin: String?
        if let access {
            origin = access.allowedOrigin(origins)
        } else {
            origin = origins.count == 1 ? origins.first : nil
        }
        guard let origin else { return [] }
        return (CrossOrigin.headers(for: origin) + [("Access-Control-Allow-Credentials", "true")])
            .map { Refusal.Header(name: $0.name, value: $0.value) }
    }

    /// What a browser asks beforehand, without a token; only `Host` is checked.
    private func preflight(
        _ request: HandshakeRequest,
        _ crossOrigin: [Refusal.Header]
    ) throws(EngineIORefusal) -> Admission {
        if let access {
            do throws(AccessPolicy.Refusal) {
                try access.checkHost(request.values("Host"))
            } catch {
                throw .forbidden
            }
        }
        let headers = crossOrigin + CrossOrigin.preflightHeaders.map { Refusal.Header(name: $0.name, value: $0.value) }
        return .respond(SettledExchange(PlainAnswer(status: 204, headers: headers), bodyLimit: 0))
    }
}
