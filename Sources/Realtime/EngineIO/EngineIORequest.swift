/// What a request to an Engine.IO path asks for, by its query (contracts/socketio.md §1).
struct EngineIORequest: Hashable, Sendable {
    /// The two ways in which packets travel.
    enum Transport: String, Hashable, Sendable {
        case polling
        case webSocket = "websocket"
    }

    let version: EngineIOVersion
    let transport: Transport
    /// The session's id, in all requests but the first.
    let sid: String?
    /// Whether the client takes a binary body.
    let takesBinary: Bool
    /// The number of the client's JSONP function.
    let script: String?

    /// Reads the query; the order of the checks is that of the JavaScript server.
    ///
    /// `isUpgrade` says that the request asks to leave HTTP, `isKnown` whether there is a session with that id.
    /// Throws the refusal.
    init(
        method: String,
        target: RequestTarget,
        isUpgrade: Bool,
        isKnown: (String) -> Bool
    ) throws(EngineIORefusal) {
        guard let transport = target["transport"].flatMap(Transport.init) else { throw .unknownTransport }
        self.transport = transport
        sid = target["sid"]
        if let sid {
            guard isKnown(sid) else { throw .unknownSession }
            guard method == "GET" || method == "POST" && transport == .polling else { throw .badRequest }
        } else {
            guard method == "GET" else { throw .badHandshakeMethod }
        }
        guard isUpgrade == (transport == .webSocket) else { throw .badRequest }
        switch target["EIO"] {
        case "3": version = .v3
        case "4": version = .v4
        default: throw .unsupportedVersion
        }
        script = target["j"].map { index in String(index.unicodeScalars.filter { ("0"..."9").contains($0) }.prefix(10))
        }
        takesBinary = script == nil && (target["b64"] ?? "0") == "0"
    }
}
