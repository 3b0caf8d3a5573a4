/// What a server says to an opening handshake.
package enum HandshakeAnswer: Sendable {
    /// Answer 101 with these headers; from then on the bytes are frames.
    case accept(
        headers: [(name: String, value: String)],
        subprotocol: String?,
        compression: PerMessageDeflate.Agreed?
    )
    /// Answer with this status and these headers; `reason` says in a few words what is wrong.
    case refuse(status: Int, headers: [(name: String, value: String)], reason: String)
}

/// The opening handshake (RFC 6455 §4) as pure functions.
package enum Handshake {
    /// The only version there is (RFC 6455 §4.1).
    package static let version = "13"

    /// Checks a request by every rule of RFC 6455 §4.2.1 and makes the answer of §4.2.2.
    ///
    /// Refusals: 400 for a broken rule, 405 for another method than GET, 426 when no upgrade to WebSocket or
    /// another version is asked for, 431 for too many header bytes. `Origin`, the contents of `Host` and who
    /// the client is are the caller's to judge.
    package static func answer(_ request: HandshakeRequest, policy: HandshakePolicy) -> HandshakeAnswer {
        do throws(Refusal) {
            return try accept(request, policy: policy)
        } catch {
            return .refuse(status: error.status, headers: error.headers, reason: error.reason)
        }
    }

    private static func accept(
        _ request: HandshakeRequest,
        policy: HandshakePolicy
    ) throws(Refusal) -> HandshakeAnswer {
        let size = request.headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
        guard size <= policy.maxHeaderBytes else {
            throw Refusal(status: 431, reason: "the headers are too long")
        }
        try checkRequest(request)
        try checkUpgrade(request)
        let key = try key(of: request)
        let subprotocol = try subprotocol(of: request, policy: policy)
        let compression = try compression(of: request, policy: policy)

        var headers = [
            ("Upgrade", "websocket"),
            ("Connection", "Upgrade"),
            ("Sec-WebSocket-Accept", AcceptKey.answer(key)),
        ]
        if let subprotocol { headers.append(("Sec-WebSocket-Protocol", subprotocol)) }
        if let compression { headers.append(("Sec-WebSocket-Extensions", compression.answer.encoded)) }
        return .accept(
            headers: headers.map { (name: $0.0, value: $0.1) },
            subprotocol: subprotocol,
            compression: compression?.agreed
        )
    }

    // MARK: The rules, one function for each part of the request

    /// Method, version, target, Host and the absence of a body (RFC 6455 §4.1, §4.2.1 items 1 and 2).
    private static func checkRequest(_ request: HandshakeRequest) throws(Refusal) {
        guard request.method == "GET" else {
            throw Refusal(status: 405, headers: [("Allow", "GET")], reason: "the method must be GET")
        }
        guard request.version.major == 1, request.version.minor >= 1 else {
            throw Refusal(reason: "the HTTP version must be 1.1")
        }
        guard isTarget(request.target) else { throw Refusal(reason: "the request target is not a resource") }
        let hosts = request.values("Host")
        guard hosts.count == 1, hosts != [""] else { throw Refusal(reason: "Host must be there once") }
        guard request.values("Transfer-Encoding").isEmpty else {
            throw Refusal(reason: "a handshake has no body")
        }
        guard request.values("Content-Length").allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { $0 == 0x30 } })
        else { throw Refusal(reason: "a handshake has no body") }
    }

    /// A path or an http URL, without fragment (RFC 6455 §3, §4.2.1 item 1).
    private static func isTarget(_ target: String) -> Bool {
        let start = target.lowercased()
        guard start.hasPrefix("/") || start.hasPrefix("http://") || start.hasPrefix("https://") else { return false }
        return target.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "#") }
    }

    /// Upgrade, Connection and version (RFC 6455 §4.2.1 items 3, 4 and 6; §4.4).
    private static func checkUpgrade(_ request: HandshakeRequest) throws(Refusal) {
        let wrongVersion = [("Upgrade", "websocket"), ("Sec-WebSocket-Version", version)]
        guard let upgrade = request.list("Upgrade") else {
            throw Refusal(status: 426, headers: wrongVersion, reason: "no upgrade to WebSocket is asked for")
        }
        guard let protocols = upgradeProtocols(upgrade) else { throw Refusal(reason: "malformed Upgrade") }
        guard protocols.contains("websocket") else {
            throw Refusal(status: 426, headers: wrongVersion, reason: "no upgrade to WebSocket is asked for")
        }
        // An Upgrade that Connection does not name is to be ignored (RFC 9110 §7.8).
        guard let connection = request.list("Connection") else {
            throw Refusal(status: 426, headers: wrongVersion, reason: "Connection does not name Upgrade")
        }
        guard let options = HeaderScanner.tokens(connection) else { throw Refusal(reason: "malformed Connection") }
        guard options.contains(where: { $0.lowercased() == "upgrade" }) else {
            throw Refusal(status: 426, headers: wrongVersion, reason: "Connection does not name Upgrade")
        }
        guard request.values("Sec-WebSocket-Version") == [version] else {
            throw Refusal(status: 426, headers: wrongVersion, reason: "the WebSocket version must be 13")
        }
    }

    /// The names, in lower case, of a list of protocols with or without versions (RFC 9110 §7.8).
    private static func upgradeProtocols(_ value: String) -> [String]? {
        HeaderScanner.list(value) { scanner in
            guard let name = scanner.token()?.lowercased() else { return nil }
            guard scanner.read(UInt8(ascii: "/")) else { return name }
            return scanner.token().map { name + "/" + $0 }
        }
    }

    /// The key (RFC 6455 §4.2.1 item 5).
    private static func key(of request: HandshakeRequest) throws(Refusal) -> String {
        let keys = request.values("Sec-WebSocket-Key")
        guard keys.count == 1, let key = keys.first, AcceptKey.isValid(key) else {
            throw Refusal(reason: "Sec-WebSocket-Key must be 16 bytes in base64, once")
        }
        return key
    }

    /// The subprotocol (RFC 6455 §4.2.1 item 8, §4.2.2 item 5/subprotocol).
    private static func subprotocol(
        of request: HandshakeRequest,
        policy: HandshakePolicy
    ) throws(Refusal) -> String? {
        var offered: [String] = []
        if let value = request.list("Sec-WebSocket-Protocol") {
            guard let tokens = HeaderScanner.tokens(value) else {
                throw Refusal(reason: "malformed Sec-WebSocket-Protocol")
            }
            guard Set(tokens).count == tokens.count else {
                throw Refusal(reason: "a subprotocol is offered twice")
            }
            offered = tokens
        }
        switch policy.choose(offered) {
        case .none:
            return nil
        case .select(let subprotocol):
            guard offered.contains(subprotocol) else { return nil }
            return subprotocol
        case .refuse:
            throw Refusal(reason: "no subprotocol is offered that is spoken here")
        }
    }

    /// The extensions (RFC 6455 §4.2.1 item 9, §9.1).
    private static func compression(
        of request: HandshakeRequest,
        policy: HandshakePolicy
    ) throws(Refusal) -> (agreed: PerMessageDeflate.Agreed, answer: ExtensionOffer)? {
        guard let value = request.list("Sec-WebSocket-Extensions") else { return nil }
        guard let offers = ExtensionOffer.parse(value) else {
            throw Refusal(reason: "malformed Sec-WebSocket-Extensions")
        }
        return policy.compression.flatMap { PerMessageDeflate.accept(offers, policy: $0) }
    }

    /// Why a handshake is refused.
    private struct Refusal: Error {
        var status = 400
        var headers: [(name: String, value: String)] = []
        var reason: String

        init(status: Int = 400, headers: [(String, String)] = [], reason: String) {
            self.status = status
            self.headers = headers.map { (name: $0.0, value: $0.1) }
            self.reason = reason
        }
    }
}
