package import NIOCore

/// The bounds on plain HTTP (contracts/realtime.md §8); past each a clear answer, and the connection closes.
package struct HTTPLimits: Sendable {
    /// The greatest head of a request, in bytes; past it 431.
    package var headBytes: Int
    /// The greatest number of header fields; past it 431.
    package var headerFields: Int
    /// The greatest body of any request, in bytes; past it 413.
    package var bodyBytes: Int
    /// The greatest body of a request that carries JSON or a form, in bytes; past it 413.
    package var jsonBytes: Int
    /// How long a request's head may take from its first byte, or from the connection's opening; past it 408.
    package var headTimeout: TimeAmount
    /// How long a connection may lie idle between requests or inside a body before it is closed.
    package var idleTimeout: TimeAmount
    /// How long a connection is still read, and all of it thrown away, after its last answer, so that the answer is
    /// not lost to a reset.
    package var lingerTime: TimeAmount

    /// Bounds with the defaults of the contract, or of good habit where it names none.
    package init(
        headBytes: Int = 64 * 1024,
        headerFields: Int = 128,
        bodyBytes: Int = 64 * 1024 * 1024,
        jsonBytes: Int = 1024 * 1024,
        headTimeout: TimeAmount = .seconds(10),
        idleTimeout: TimeAmount = .seconds(60),
        lingerTime: TimeAmount = .seconds(2)
    ) {
        self.headBytes = headBytes
        self.headerFields = headerFields
        self.bodyBytes = bodyBytes
        self.jsonBytes = jsonBytes
        self.headTimeout = headTimeout
        self.idleTimeout = idleTimeout
        self.lingerTime = lingerTime
    }
}
