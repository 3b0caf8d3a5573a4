/// Why a client does not accept a server's answer to its opening handshake (RFC 6455 §4.1).
package enum HandshakeMismatch: Error, Hashable, Sendable {
    /// Another status than 101.
    case status(Int)
    /// `Upgrade` is not `websocket`.
    case upgrade
    /// `Connection` does not name `Upgrade`.
    case connection
    /// `Sec-WebSocket-Accept` does not answer our key.
    case accept
    /// A subprotocol we did not offer.
    case subprotocol
    /// An extension we did not offer, or parameters that do not fit our offer.
    case extensions
}

/// The client's side, for tests and load tools.
extension Handshake {
    /// A fresh key: sixteen random bytes in base64.
    package static func randomKey() -> String {
        String(decoding: Base64.encode((0..<16).map { _ in UInt8.random(in: .min ... .max) }), as: UTF8.self)
    }

    /// The request of a client (RFC 6455 §4.1), with `headers` after those of the handshake.
    package static func request(
        host: String,
        target: String,
        key: String,
        subprotocols: [String] = [],
        compression: PerMessageDeflate.Offer? = nil,
        headers: [(name: String, value: String)] = []
    ) -> HandshakeRequest {
        var request = HandshakeRequest(
            method: "GET",
            target: target,
            headers: [
                ("Host", host),
                ("Upgrade", "websocket"),
                ("Connection", "Upgrade"),
                ("Sec-WebSocket-Key", key),
                ("Sec-WebSocket-Version", version),
            ]
        )
        if !subprotocols.isEmpty {
            request.headers.append(("Sec-WebSocket-Protocol", subprotocols.joined(separator: ", ")))
        }
        if let compression {
            request.headers.append(("Sec-WebSocket-Extensions", compression.element.encoded))
        }
        request.headers += headers
        return request
    }

    /// Checks the server's answer to a request by every rule of RFC 6455 §4.1.
    ///
    /// Returns what was agreed on. Throws the first rule the answer breaks.
    package static func verify(
        status: Int,
        headers: [(name: String, value: String)],
        key: String,
        subprotocols: [String] = [],
        compression: PerMessageDeflate.Offer? = nil
    ) throws(HandshakeMismatch) -> (subprotocol: String?, compression: PerMessageDeflate.Agreed?) {
        guard status == 101 else { throw .status(status) }
        let values = { (name: String) in HandshakeRequest.values(name, in: headers) }
        guard values("Upgrade").map({ $0.lowercased() }) == ["websocket"] else { throw .upgrade }
        let options = HeaderScanner.tokens(values("Connection").joined(separator: ",")) ?? []
        guard options.contains(where: { $0.lowercased() == "upgrade" }) else { throw .connection }
        guard values("Sec-WebSocket-Accept") == [AcceptKey.answer(key)] else { throw .accept }

        let selected = values("Sec-WebSocket-Protocol")
        guard selected.count <= 1, selected.allSatisfy(subprotocols.contains) else { throw .subprotocol }
        let extensions = values("Sec-WebSocket-Extensions")
        guard !extensions.isEmpty else { return (selected.first, nil) }
        guard let offer = compression,
            let answers = ExtensionOffer.parse(extensions.joined(separator: ",")),
            answers.count == 1, let answer = answers.first,
            let agreed = PerMessageDeflate.agreement(answer, to: offer)
        else { throw .extensions }
        return (selected.first, agreed)
    }
}

extension HandshakeRequest {
    /// The request's head as it goes over the wire.
    package var encoded: [UInt8] {
        var text = "\(method) \(target) HTTP/\(version.major).\(version.minor)\r\n"
        for header in headers { text += header.name + ": " + header.value + "\r\n" }
        return Array((text + "\r\n").utf8)
    }
}
