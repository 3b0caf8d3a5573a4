/// The headers of the Fetch standard's CORS protocol, for pages of origins that the ``AccessPolicy`` names.
package enum CrossOrigin {
    /// What every answer carries when origins are configured, `origin` being the allowed one that asks, if any.
    ///
    /// `Vary` goes to everyone: a cache must not give one origin's answer to another.
    package static func headers(for origin: String?) -> [(name: String, value: String)] {
        guard let origin else { return [("Vary", "Origin")] }
        return [
            ("Vary", "Origin"), ("Access-Control-Allow-Origin", origin),
            ("Access-Control-Expose-Headers", "X-Request-Id"),
        ]
    }

    /// What the answer to a preflight carries besides.
    package static let preflightHeaders: [(name: String, value: String)] = [
        ("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE"),
        ("Access-Control-Allow-Headers", "Authorization, Content-Type, Last-Event-ID"),
        ("Access-Control-Max-Age", "600"),
    ]
}
