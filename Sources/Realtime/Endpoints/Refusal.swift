import Domain

/// An HTTP answer in place of a taken-over connection (contracts/realtime.md §10).
package struct Refusal: Error, Hashable, Sendable {
    /// The HTTP status.
    package var status: Int
    /// Headers beside `Content-Type`, `Content-Length` and `Connection`.
    package var headers: [Header] = []
    /// The word for programs in the body.
    package var code: String
    /// The text for people in the body.
    package var message: String

    /// One header line.
    package struct Header: Hashable, Sendable {
        package var name: String
        package var value: String
    }

    /// The body: `{"error":{"code","message"}}`.
    package var body: [UInt8] {
        var writer = JSONWriter()
        writer.object {
            $0.field(
                "error",
                object: {
                    $0.field("code", code)
                    $0.field("message", message)
                }
            )
        }
        return writer.bytes
    }

    /// What the access policy refused.
    init(_ refusal: AccessPolicy.Refusal) {
        switch refusal {
        case .host, .origin: status = 403
        case .token:
            status = 401
            headers = [Header(name: "WWW-Authenticate", value: "Bearer")]
        }
        code = refusal.code
        message = refusal.message
    }

    init(status: Int, headers: [Header] = [], code: String, message: String) {
        self.status = status
        self.headers = headers
        self.code = code
        self.message = message
    }

    /// Too many connections.
    static let connections = Refusal(
        status: 503,
        headers: [Header(name: "Retry-After", value: "5")],
        code: "limit_connections",
        message: "too many connections; try again later"
    )
}
