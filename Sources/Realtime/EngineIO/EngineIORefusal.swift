import Domain

/// Why a request is refused, in Engine.IO's own numbers (contracts/socketio.md §1).
enum EngineIORefusal: Error, Hashable, Sendable {
    case unknownTransport
    case unknownSession
    case badHandshakeMethod
    case badRequest
    case forbidden
    case unsupportedVersion
    /// The hub admits no more connections.
    case tooManyConnections
    /// The body is longer than `maxPayload`.
    case tooLarge

    /// The HTTP status.
    var status: Int {
        switch self {
        case .unknownTransport, .unknownSession, .badHandshakeMethod, .badRequest, .unsupportedVersion: 400
        case .forbidden: 403
        case .tooManyConnections: 503
        case .tooLarge: 413
        }
    }

    /// The number for programs.
    var code: Int {
        switch self {
        case .unknownTransport: 0
        case .unknownSession: 1
        case .badHandshakeMethod: 2
        case .badRequest, .tooManyConnections, .tooLarge: 3
        case .forbidden: 4
        case .unsupportedVersion: 5
        }
    }

    /// The text for people.
    var message: String {
        switch self {
        case .unknownTransport: "Transport unknown"
        case .unknownSession: "Session ID unknown"
        case .badHandshakeMethod: "Bad handshake method"
        case .badRequest: "Bad request"
        case .forbidden: "Forbidden"
        case .unsupportedVersion: "Unsupported protocol version"
        case .tooManyConnections: "Too many connections"
        case .tooLarge: "Payload too large"
        }
    }

    /// The body of the answer: `{"code","message"}`.
    var body: [UInt8] {
        var writer = JSONWriter(capacity: 64)
        writer.object {
            $0.field("code", code)
            $0.field("message", message)
        }
        return writer.bytes
    }
}
