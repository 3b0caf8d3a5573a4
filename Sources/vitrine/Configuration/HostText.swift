import Domain

/// Hosts and origins in settings.
enum HostText {
    /// Reads an IP address, with or without brackets for IPv6, or a host name; `nil` for anything else.
    static func host(_ text: String) -> String? {
        if text.hasPrefix("["), text.hasSuffix("]") {
            let inner = String(text.dropFirst().dropLast())
            return inner.contains(":") && IPAddress.isValid(inner) ? inner : nil
        }
        return IPAddress.isValid(text) || isName(text) ? text : nil
    }

    /// Reads an origin, `http` or `https` with a host and perhaps a port and nothing after it but a slash, which goes;
    /// `nil` for anything else.
    static func origin(_ text: String) -> String? {
        let lowered = text.lowercased()
        let origin = lowered.hasSuffix("/") ? String(lowered.dropLast()) : lowered
        guard let scheme = ["http://", "https://"].first(where: { origin.hasPrefix($0) }) else { return nil }
        var authority = origin.dropFirst(scheme.count)
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            guard let port = WholeNumber.parse(String(authority[authority.index(after: colon)...])),
                (1...65_535).contains(port)
            else { return nil }
            authority = authority[..<colon]
        }
        guard !authority.contains(":") || authority.hasPrefix("[") else { return nil }
        return host(String(authority)) == nil ? nil : origin
    }

    /// What ``isWebAddress(_:)`` accepts.
    static let webAddressForm = "a URL such as http://name:5000/worker"

    /// Whether the text is an `http` or `https` URL with a host, and perhaps a port and a path.
    static func isWebAddress(_ text: String) -> Bool {
        guard text.utf8.count <= 2_048, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            let start = text.firstRange(of: "://")
        else { return false }
        let end = text[start.upperBound...].firstIndex { "/?#".contains($0) } ?? text.endIndex
        return origin(String(text[..<end])) != nil
    }

    /// The host as it stands in a URL: IPv6 addresses in brackets.
    static func inURL(_ host: String) -> String {
        host.contains(":") ? "[\(host)]" : host
    }

    private static func isName(_ text: String) -> Bool {
        guard (1...253).contains(text.utf8.count), !text.hasPrefix("-"), !text.hasPrefix(".") else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}
