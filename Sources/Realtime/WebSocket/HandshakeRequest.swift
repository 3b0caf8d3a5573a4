/// The head of an HTTP request, as the opening handshake looks at it (RFC 6455 §4.2.1).
package struct HandshakeRequest: Sendable {
    /// The method as sent, such as `GET`.
    package var method: String
    /// The request target as sent: path and query, or a URL.
    package var target: String
    /// The HTTP version.
    package var version: (major: Int, minor: Int)
    /// Header fields in the order they came; a name may come more than once.
    package var headers: [(name: String, value: String)]
    /// The peer's IP address; empty when it is not known.
    package var address: String

    /// A request of HTTP/1.1 unless told otherwise.
    package init(
        method: String,
        target: String,
        version: (major: Int, minor: Int) = (1, 1),
        headers: [(name: String, value: String)],
        address: String = ""
    ) {
        self.method = method
        self.target = target
        self.version = version
        self.headers = headers
        self.address = address
    }

    /// The values of a field, each without the white space around it; names are compared without case.
    package func values(_ name: String) -> [String] {
        Self.values(name, in: headers)
    }

    static func values(_ name: String, in headers: [(name: String, value: String)]) -> [String] {
        let wanted = name.lowercased()
        return headers.lazy
            .filter { $0.name.utf8.count == wanted.utf8.count && $0.name.lowercased() == wanted }
            .map { HeaderScanner.trim($0.value) }
    }

    /// All lines of a field as one list (RFC 9110 §5.3); nil if there is none.
    func list(_ name: String) -> String? {
        let values = values(name)
        return values.isEmpty ? nil : values.joined(separator: ",")
    }
}
