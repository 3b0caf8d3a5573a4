import Domain

/// A token and what it allows, as written on the command line: `ROLE:TOKEN`.
struct TokenGrant: Hashable, Sendable {
    let role: Role
    let token: String

    /// What a good one looks like, for the help and for errors.
    static let form =
        "ROLE:TOKEN, with ROLE one of \(Role.allCases.map(\.rawValue).joined(separator: ", ")) "
        + "and TOKEN 1 to 128 of A-Z a-z 0-9 . _ ~ -"

    /// Reads one; `nil` for another role or what is no token (contracts/realtime.md §10).
    init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let role = Role(rawValue: String(parts[0])) else { return nil }
        token = String(parts[1])
        self.role = role
        guard AccessPolicy.isToken(token) else { return nil }
    }

    /// Reads several into roles by token.
    ///
    /// Throws ``ConfigurationError``, which never holds the text, for a bad one and for a token with two roles.
    static func roles(_ texts: [String]) throws(ConfigurationError) -> [String: Role] {
        var roles: [String: Role] = [:]
        for (index, text) in texts.enumerated() {
            guard let grant = TokenGrant(text) else {
                throw ConfigurationError("value \(index + 1) is not \(form)")
            }
            if let other = roles[grant.token], other != grant.role {
                throw ConfigurationError("value \(index + 1) gives a token a second role")
            }
            roles[grant.token] = grant.role
        }
        return roles
    }
}
