/// Who may connect and what they may do (contracts/realtime.md §10); for sockets and HTTP alike.
///
/// The checks come in the order Host, Origin, token. All of them are pure functions on header values.
package struct AccessPolicy: Sendable {
    /// A refusal, in the words of contracts/realtime.md §9.
    package enum Refusal: Error, Hashable, Sendable {
        case host
        case origin
        case token

        /// The code in the error body.
        package var code: String {
            switch self {
            case .host: "forbidden_host"
            case .origin: "forbidden_origin"
            case .token: "unauthorized"
            }
        }

        /// The text in the error body.
        package var message: String {
            switch self {
            case .host: "this host name is not served here; allow it with --allow-host"
            case .origin: "pages of this origin may not use the server; allow it with --allow-origin"
            case .token: "a valid token is needed"
            }
        }
    }

    private var roles: [String: Role]
    private var hosts: Set<String>
    private var origins: Set<String>

    /// Makes a policy; an empty `tokens` makes everyone an admin.
    ///
    /// `hosts` are allowed besides IP addresses and `localhost`, `origins` besides the server's own.
    package init(tokens: [String: Role] = [:], hosts: [String] = [], origins: [String] = []) {
        roles = tokens
        self.hosts = Set(hosts.map { $0.lowercased() })
        self.origins = Set(origins.map { Self.normalized(origin: $0) })
    }

    /// The roles of all tokens, each token as `form` shows it.
    package func roles<Form>(_ form: (String) -> Form) -> [(Form, Role)] {
        roles.map { (form($0.key), $0.value) }
    }

    /// Whether any token is configured.
    package var needsToken: Bool { !roles.isEmpty }

    /// Whether any origin besides the server's own is allowed.
    package var hasAllowedOrigins: Bool { !origins.isEmpty }

    /// The value of the `Origin` header, as the browser wrote it, when it is one of the configured origins.
    ///
    /// `nil` for none, for several, for the server's own, and for any other.
    package func allowedOrigin(_ values: [String]) -> String? {
        guard values.count == 1, let value = values.first else { return nil }
        return origins.contains(Self.normalized(origin: value)) ? value : nil
    }

    /// Whether `text` has the form of a token: 1 to 128 of `A-Z a-z 0-9 . _ ~ -`.
    package static func isToken(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// Checks the values of all `Host` headers: there must be exactly one, and it must name an IP address,
    /// `localhost`, or a configured host; throws ``Refusal/host``.
    package func checkHost(_ values: [String]) throws(Refusal) {
        guard values.count == 1, let host = values.first.map(Self.hostName), !host.isEmpty else { throw .host }
        guard host == "localhost" || IPAddress.isValid(host) || hosts.contains(host) else { throw .host }
    }

    /// Checks the values of all `Origin` headers against the `Host` header: none, or one that has the host and port
    /// of `host` or is allowed; `null` is refused; throws ``Refusal/origin``.
    package func checkOrigin(_ values: [String], host: String?) throws(Refusal) {
        guard let value = values.first else { return }
        guard values.count == 1 else { throw .origin }
        let origin = Self.normalized(origin: value)
        if origins.contains(origin) { return }
        guard let scheme = origin.firstRange(of: "://"), let host else { throw .origin }
        let authority = origin[scheme.upperBound...]
        let port = Self.defaultPort(origin[..<scheme.lowerBound])
        guard authority == Self.withPort(host.lowercased(), port) else { throw .origin }
    }

    /// The role of the first token found: `Authorization: Bearer`, then the subprotocol `vitrine.token.<token>`, then
    /// the query's `token`; admin when no tokens are configured; throws ``Refusal/token``.
    package func role(authorization: String?, subprotocols: [String] = [], query: String?) throws(Refusal) -> Role {
        guard needsToken else { return .admin }
        let prefix = "vitrine.token."
        let bearer = authorization.flatMap { value -> String? in
            let parts = value.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
            return String(parts[1].drop { $0 == " " })
        }
        let offered = subprotocols.first { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        guard let token = bearer ?? offered ?? query else { throw .token }
        var found: Role?
        for (known, role) in roles where Self.equal(known, token) { found = role }
        guard let found else { throw .token }
        return found
    }

    /// Compares in a time that depends on the lengths only.
    private static func equal(_ left: String, _ right: String) -> Bool {
        let left = Array(left.utf8)
        let right = Array(right.utf8)
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// The host of an authority, lower case, without port and brackets.
    private static func hostName(_ authority: String) -> String {
        let text = authority.lowercased()
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return "" }
            let rest = text[text.index(after: end)...]
            let address = String(text[text.index(after: text.startIndex)..<end])
            return (rest.isEmpty || isPort(rest)) && IPAddress.isVersion6(address) ? address : ""
        }
        guard let colon = text.firstIndex(of: ":") else { return text }
        return isPort(text[colon...]) ? String(text[..<colon]) : ""
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.first == ":" && text.dropFirst().utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func withPort(_ authority: String, _ port: String) -> String {
        let end = authority.lastIndex(of: "]") ?? authority.startIndex
        return authority[end...].contains(":") ? authority : "\(authority):\(port)"
    }

    private static func defaultPort(_ scheme: Substring) -> String { scheme == "https" ? "443" : "80" }

    /// An origin in lower case, without a slash at its end and with its port; any other text as it is.
    private static func normalized(origin: String) -> String {
        let text = origin.lowercased()
        guard let scheme = text.firstRange(of: "://") else { return text }
        let authority = text[scheme.upperBound...]
        let bare = authority.hasSuffix("/") ? authority.dropLast() : authority
        return text[..<scheme.upperBound] + withPort(String(bare), defaultPort(text[..<scheme.lowerBound]))
    }
}
