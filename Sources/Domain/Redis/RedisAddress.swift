/// Where a Redis server is and how to sign in there, as a URL says it.
///
/// `redis://[[user]:password@]host[:port][/db]`, or `unix://[[user]:password@]/path[?db=n]`. Only ``password`` is a
/// secret; the description leaves it out, so an address may stand in a log.
package struct RedisAddress: Hashable, Sendable, CustomStringConvertible {
    /// What a connection is made to.
    package enum Place: Hashable, Sendable {
        /// A host name or an IP address without brackets, and a port.
        case tcp(host: String, port: Int)
        /// The path of a Unix domain socket.
        case unix(path: String)
    }

    /// Why a text is no address; never holds the text, for that may hold a password.
    package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        case scheme
        case tls
        case host
        case port
        case database
        case credentials
        case path

        package var description: String {
            switch self {
            case .scheme: "not a URL that begins with redis:// or unix://"
            case .tls:
                "TLS to Redis (rediss://) is not supported: use redis:// on a private network or through a tunnel"
            case .host: "the host is missing or malformed"
            case .port: "the port must be a number from 1 to 65535"
            case .database: "the database must be a number from 0 to 65535"
            case .credentials: "user and password must be percent-encoded, as user:password@"
            case .path: "the path of the socket is missing or malformed"
            }
        }
    }

    /// What a connection is made to.
    package var place: Place
    /// The name to sign in with; `nil` for the server's default user.
    package var user: String?
    /// The password to sign in with; `nil` when none is asked for.
    package var password: String?
    /// The number of the database.
    package var database: Int

    /// Redis's own port.
    package static let defaultPort = 6379

    /// An address put together.
    package init(place: Place, user: String? = nil, password: String? = nil, database: Int = 0) {
        self.place = place
        self.user = user
        self.password = password
        self.database = database
    }

    /// Reads a URL; throws ``Failure`` for what is none of ours.
    package init(_ text: String) throws(Failure) {
        guard let colon = text.firstRange(of: "://") else { throw .scheme }
        let rest = text[colon.upperBound...]
        switch text[..<colon.lowerBound].lowercased() {
        case "redis": try self.init(tcp: rest)
        case "unix": try self.init(unix: rest)
        case "rediss": throw .tls
        default: throw .scheme
        }
    }

    /// The URL without its password.
    package var description: String {
        let sign = user.map { "\($0)@" } ?? ""
        switch place {
        case .tcp(let host, let port):
            return "redis://\(sign)\(host.contains(":") ? "[\(host)]" : host):\(port)/\(database)"
        case .unix(let path): return "unix://\(sign)\(path)?db=\(database)"
        }
    }

    private init(tcp text: Substring) throws(Failure) {
        let (signIn, rest) = Self.split(text)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        let path = rest[slash...].dropFirst()
        var host = authority
        var port = Self.defaultPort
        // Within brackets a colon belongs to the address.
        let colon = authority.lastIndex(of: ":").flatMap { index in
            authority[index...].contains("]") ? nil : index
        }
        if let colon {
            host = authority[..<colon]
            guard let number = Self.number(authority[colon...].dropFirst(), in: 1...65_535) else { throw .port }
            port = number
        }
        if host.hasPrefix("[") {
            guard host.hasSuffix("]"), host.contains(":") else { throw .host }
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw .host
        }
        guard !host.isEmpty, host.utf8.allSatisfy(Self.isHostByte) else { throw .host }
        self.init(place: .tcp(host: String(host), port: port))
        if !path.isEmpty {
            guard let number = Self.number(path, in: 0...65_535) else { throw .database }
            database = number
        }
        try signIn.map { text throws(Failure) in try take(signIn: text) }
    }

    private init(unix text: Substring) throws(Failure) {
        guard let slash = text.firstIndex(of: "/") else { throw .path }
        var path = text[slash...]
        var query: Substring = ""
        if let mark = path.firstIndex(of: "?") {
            query = path[mark...].dropFirst()
            path = path[..<mark]
        }
        guard path.utf8.count > 1, let decoded = Self.decoded(path), !decoded.utf8.contains(0) else { throw .path }
        self.init(place: .unix(path: decoded))
        if !query.isEmpty {
            guard query.hasPrefix("db="), let number = Self.number(query.dropFirst(3), in: 0...65_535) else {
                throw .database
            }
            database = number
        }
        let authority = text[..<slash]
        guard !authority.isEmpty else { return }
        guard authority.last == "@" else { throw .path }
        try take(signIn: authority.dropLast())
    }

    private mutating func take(signIn text: Substring) throws(Failure) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first.flatMap(Self.decoded),
            let secret = parts.count == 2 ? Self.decoded(parts[1]) : ""
        else { throw .credentials }
        // A name without a password signs nobody in.
        guard !secret.isEmpty else { throw .credentials }
        user = name.isEmpty ? nil : name
        password = secret
    }

    private static func split(_ text: Substring) -> (signIn: Substring?, rest: Substring) {
        let end = text.firstIndex(of: "/") ?? text.endIndex
        guard let sign = text[..<end].lastIndex(of: "@") else { return (nil, text) }
        return (text[..<sign], text[text.index(after: sign)...])
    }

    private static func number(_ text: Substring, in range: ClosedRange<Int>) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int(text), range.contains(number)
        else { return nil }
        return number
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && !"/?#@[]%\\\"<>".utf8.contains(byte)
    }

    /// The text with `%41` made `A`; `nil` when that is malformed or not UTF-8.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexDigit), let low = rest.popFirst().flatMap(hexDigit) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
